import type { SecretReading } from "@keyward/core";
import { credential } from "../memory-harness.ts";
import { StoreError } from "../memory-store.ts";
import { type BrokenProvider, brokenRead, classified } from "./broken-provider.ts";

/** Undoes what these providers do to the process. */
export const leftovers: (() => void)[] = [];

const never = new AbortController().signal;

export const brokenConduct: Readonly<Record<string, BrokenProvider>> = {
  "ignores an aborted signal": brokenRead(
    ["aborted-reads-ask-nothing"],
    (intact) => (key, context) =>
      intact.readSecret(key, context.signal.aborted ? { ...context, signal: never } : context),
  ),
  "ignores a signal that aborts": brokenRead(["abort-ends-the-read"], (intact) => async (key, context) => {
    context.signal.throwIfAborted();
    return intact.readSecret(key, { ...context, signal: never });
  }),
  "goes on in the background after an abort": brokenRead(
    ["abort-leaves-nothing-running"],
    (intact, store) => {
      return async (key, context) => {
        context.signal.throwIfAborted();
        return intact.readSecret(key, context).catch((error) => {
          if (context.signal.aborted)
            setTimeout(() => store.request(never, () => undefined).catch(() => undefined), 10);
          throw error;
        });
      };
    },
  ),
  "keeps the name in a field": brokenRead(["concurrent-reads-are-kept-apart"], (intact) => {
    let current = "";
    return async (key, context) => {
      current = key;
      await Promise.resolve();
      return intact.readSecret(current, context);
    };
  }),
  "shares a read among callers": brokenRead(["abort-spares-other-reads"], (intact) => {
    const flights = new Map<string, Promise<SecretReading | undefined>>();
    return async (key, context) => {
      const entry = `${key}@${context.version}`;
      const flight =
        flights.get(entry) ?? intact.readSecret(key, context).finally(() => flights.delete(entry));
      flights.set(entry, flight);
      return flight;
    };
  }),
  "lists what it does not find": {
    breaks: ["listing-agrees"],
    breakage: (intact) => ({
      ...intact,
      readAll: async (context) => {
        const readings = [...(await intact.readAll(context))];
        return new Map(
          readings.map(([key, { value, version }]) => [key, { value, version: `${version}.0` }]),
        );
      },
    }),
  },
  "remembers its listing": {
    breaks: ["listing-is-fresh"],
    breakage: (intact) => {
      let listing: ReadonlyMap<string, SecretReading> | undefined;
      return {
        ...intact,
        readAll: async (context) => {
          const fresh = await intact.readAll(context);
          listing ??= fresh;
          return listing;
        },
      };
    },
  },
  "lists nothing when it fails": {
    breaks: ["listing-failures-are-thrown", "core-tells-them-apart"],
    breakage: (intact) => ({
      ...intact,
      readAll: (context) =>
        intact.readAll(context).catch((error) => {
          if (error instanceof StoreError) return new Map();
          throw error;
        }),
    }),
  },
  "lists on after an abort": {
    breaks: ["listing-honours-abort"],
    breakage: (intact) => ({ ...intact, readAll: () => intact.readAll({ signal: never }) }),
  },
  "watches and never reports": {
    breaks: ["watch-reports-changes"],
    breakage: (intact) => ({ ...intact, watch: () => undefined }),
  },
  "reports the first change only": {
    breaks: ["watch-loses-nothing"],
    breakage: (intact) => ({
      ...intact,
      watch(onChange, context) {
        let first = true;
        intact.watch((key) => {
          if (first) onChange(key);
          first = false;
        }, context);
      },
    }),
  },
  "goes on reporting": {
    breaks: ["watch-stops"],
    breakage: (intact) => ({ ...intact, watch: (onChange) => intact.watch(onChange, { signal: never }) }),
  },
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
          return intact.readSecret(key, context).catch((error) => {
            if (context.signal.aborted) aborted = new Promise(() => undefined);
            throw error;
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
