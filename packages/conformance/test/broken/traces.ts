import type { SecretReading } from "@keyward/core";
import { credential } from "../memory-harness.ts";
import { type BrokenProvider, brokenRead, classified } from "./broken-provider.ts";

/** Undoes what these providers do to the process. */
export const leftovers: (() => void)[] = [];

/** Providers that leave something where nothing should be. */
export const brokenTraces: Readonly<Record<string, BrokenProvider>> = {
  "reads after close": {
    breaks: ["closed-reads-reject"],
    breakage: (intact) => ({ ...intact, close: async () => undefined }),
  },
  "waits in close for a read that was aborted": {
    breaks: ["close-settles"],
    breakage: (intact) => {
      let aborted: Promise<never> | undefined;
      return {
        ...intact,
        async readSecret(key, context) {
          let pending = true;
          context.signal.addEventListener("abort", () => {
            if (pending) aborted = new Promise(() => undefined);
          });
          return intact.readSecret(key, context).finally(() => {
            pending = false;
          });
        },
        async close() {
          await intact.close();
          await aborted;
        },
      };
    },
  },
  "leaves a timer behind": {
    breaks: ["nothing-is-left"],
    breakage: (intact) => {
      const timer = setInterval(() => undefined, 60_000);
      leftovers.push(() => clearInterval(timer));
      return intact;
    },
  },
  "writes to the environment": brokenRead(["environment-is-untouched"], (intact) => async (key, context) => {
    const reading = await intact.readSecret(key, context);
    if (reading) process.env.CONFORMANCE_BROKEN = crypto.randomUUID();
    leftovers.push(() => delete process.env.CONFORMANCE_BROKEN);
    return reading;
  }),
  "prints to the console": brokenRead(["nothing-is-printed"], (intact) => (key, context) => {
    console.info("reading");
    return intact.readSecret(key, context);
  }),
  "prints to stderr": brokenRead(["nothing-is-printed"], (intact) => (key, context) => {
    process.stderr.write("");
    return intact.readSecret(key, context);
  }),
  "leaves a rejection unhandled": brokenRead(["no-rejection-is-unhandled"], (intact) => (key, context) => {
    void Promise.reject(new Error("nobody handles this"));
    return intact.readSecret(key, context);
  }),
  "leaks a value through `cause`": {
    breaks: ["errors-hold-no-value"],
    breakage: (intact) => {
      let last: SecretReading | undefined;
      return {
        ...intact,
        async readSecret(key, context) {
          try {
            const reading = await intact.readSecret(key, context);
            last = reading ?? last;
            return reading;
          } catch (error) {
            if (error instanceof Error) error.cause = { response: { body: Buffer.from(last?.value ?? "") } };
            throw error;
          }
        },
      };
    },
  },
  "leaks a credential in a remedy": {
    breaks: ["classification-holds-no-secret", "secret-errors-hold-nothing"],
    breakage: (intact) => ({
      ...intact,
      classify: (error) => ({
        ...classified(intact, error),
        remedy: `The token ${credential} is refused.`,
      }),
    }),
  },
  "is named after its token": {
    breaks: ["name-holds-no-secret", "secret-errors-hold-nothing"],
    breakage: (intact) => ({ ...intact, name: `memory(https://${credential}@store)` }),
  },
};
