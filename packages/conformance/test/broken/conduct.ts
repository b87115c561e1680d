import type { SecretReading } from "@keyward/core";
import { StoreError } from "../memory-store.ts";
import { type BrokenProvider, brokenRead } from "./broken-provider.ts";

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
            setTimeout(() => store.request(never, () => undefined).catch(() => undefined), 1);
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
};
