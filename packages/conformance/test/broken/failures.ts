import type { SecretReading } from "@keyward/core";
import { StoreError } from "../memory-store.ts";
import { type BrokenProvider, brokenKind, brokenRead, withoutWatch } from "./broken-provider.ts";

export const brokenFailures: Readonly<Record<string, BrokenProvider>> = {
  "swallows errors": brokenRead(
    ["denial-is-thrown", "outage-is-thrown", "throttling-is-thrown"],
    (intact) => async (key, context) =>
      intact.readSecret(key, context).catch((error) => {
        if (error instanceof StoreError) return undefined;
        throw error;
      }),
  ),
  "takes a refusal for an absence": brokenRead(
    ["denial-is-thrown"],
    (intact) => async (key, context) =>
      intact.readSecret(key, context).catch((error) => {
        if (error instanceof StoreError && error.status === 403) return undefined;
        throw error;
      }),
  ),
  "falls back to the last good value": {
    breaks: ["outage-is-thrown"],
    breakage({ readAll: _, ...intact }) {
      const known = new Map<string, SecretReading>();
      return {
        ...intact,
        async readSecret(key, context) {
          try {
            const reading = await intact.readSecret(key, context);
            if (reading) known.set(key, reading);
            return reading;
          } catch (error) {
            const reading = error instanceof StoreError && error.status === 503 ? known.get(key) : undefined;
            if (reading) return reading;
            throw error;
          }
        },
      };
    },
  },
  "waits throttling out": brokenRead(
    ["throttling-is-thrown"],
    (intact) => async (key, context) =>
      intact.readSecret(key, context).catch((error) => {
        if (error instanceof StoreError && error.status === 429)
          return new Promise<undefined>(() => undefined);
        throw error;
      }),
  ),
  "hands nonsense on": brokenRead(
    ["nonsense-is-thrown"],
    (intact) => async (key, context) =>
      intact.readSecret(key, context).catch((error) => {
        if (error instanceof SyntaxError) return { value: "<html>nonsense</html>" };
        throw error;
      }),
  ),
  "takes silence for an absence": brokenRead(
    ["silence-is-no-answer"],
    (intact, store) => async (key, context) => {
      const answer = intact.readSecret(key, context);
      if (!store.silent || context.signal.aborted) return answer;
      answer.catch(() => undefined);
      return undefined;
    },
  ),
  "retries by itself": brokenRead(
    ["a-read-is-one-request"],
    (intact) => async (key, context) =>
      intact.readSecret(key, context).catch((error) => {
        if (error instanceof StoreError && error.status === 429) return intact.readSecret(key, context);
        throw error;
      }),
  ),
  "remembers failures": brokenRead(["failures-are-not-remembered"], (intact) => {
    const failed = new Map<string, unknown>();
    return async (key, context) => {
      if (failed.has(key)) throw failed.get(key);
      return intact.readSecret(key, context).catch((error) => {
        if (error instanceof StoreError) failed.set(key, error);
        throw error;
      });
    };
  }),
  "remembers values": {
    breaks: ["nothing-is-remembered"],
    breakage(intact) {
      const known = new Map<string, SecretReading>();
      return {
        ...withoutWatch(intact),
        async readSecret(key, context) {
          context.signal.throwIfAborted();
          const entry = `${key}@${context.version}`;
          const reading = known.get(entry) ?? (await intact.readSecret(key, context));
          if (reading) known.set(entry, reading);
          return reading;
        },
      };
    },
  },
  "calls a refusal an outage": brokenKind(["denial-is-denied"], "denied", "unavailable"),
  "calls an outage unknown": brokenKind(["outage-is-unavailable"], "unavailable", "unknown"),
  "calls throttling an outage": brokenKind(["throttling-is-throttled"], "throttled", "unavailable"),
  "calls nonsense a refusal": brokenKind(["nonsense-is-classified"], "invalid", "denied"),
  "takes seconds for milliseconds": {
    breaks: ["retry-after-is-handed-on"],
    breakage: (intact) => ({
      ...intact,
      classify: (error) =>
        error instanceof StoreError && error.status === 429
          ? { kind: "throttled", retryAfterMs: error.retryAfterSeconds ?? 0 }
          : intact.classify(error),
    }),
  },
  "classifies Errors only": {
    breaks: ["classification-is-well-formed"],
    breakage: (intact) => ({
      ...intact,
      classify: (error) => intact.classify(Object(error).message.length > 0 ? error : new Error("empty")),
    }),
  },
  "classifies its listing's errors in no way": {
    breaks: ["core-tells-them-apart"],
    breakage: (intact) => ({
      ...intact,
      readAll: (context) =>
        intact.readAll(context).catch((error) => {
          throw error instanceof StoreError ? new Error("the listing failed") : error;
        }),
    }),
  },
};
