import { type BrokenProvider, brokenRead, brokenValue, withoutWatch } from "./broken-provider.ts";

export const brokenLookups: Readonly<Record<string, BrokenProvider>> = {
  // Every check that starts from a value that the suite made notices.
  "cuts values": {
    breaks: [
      "found-is-exact",
      "readings-are-well-formed",
      "removed-is-absent",
      "absence-is-not-remembered",
      "names-do-not-collide",
      "one-store-key-is-one-secret",
      "versions-are-reported",
      "versions-are-pinned",
      "nothing-is-remembered",
      "failures-are-not-remembered",
      "concurrent-reads-are-kept-apart",
      "abort-spares-other-reads",
      "listing-agrees",
    ],
    breakage: (intact) => ({
      ...withoutWatch(intact),
      async readSecret(key, context) {
        const reading = await intact.readSecret(key, context);
        const own = reading?.value.startsWith("canary-");
        return reading && own ? { ...reading, value: reading.value.slice(0, 40) } : reading;
      },
    }),
  },
  "throws what is absent": brokenRead(
    ["absent-is-undefined", "removed-is-absent"],
    (intact) => async (key, context) => {
      const reading = await intact.readSecret(key, context);
      if (reading === undefined) throw new Error("not found");
      return reading;
    },
  ),
  "answers null": brokenRead(["absent-is-undefined"], (intact, store) => async (key, context) => {
    const reading = await intact.readSecret(key, context);
    return store.secrets.size === 0 && store.requests === 1 ? JSON.parse("null") : reading;
  }),
  "hangs on what is absent": brokenRead(["absent-is-undefined"], (intact, store) => async (key, context) => {
    const reading = await intact.readSecret(key, context);
    return store.secrets.size === 0 && store.requests === 1 ? new Promise(() => undefined) : reading;
  }),
  "finds what was removed": brokenRead(["removed-is-absent"], (intact, store) => async (key, context) => {
    const reading = await intact.readSecret(key, context);
    return reading ?? (store.secrets.size > 0 && store.removed.has(key) ? { value: "" } : undefined);
  }),
  "remembers absence": brokenRead(["absence-is-not-remembered"], (intact) => {
    const absent = new Set<string>();
    return async (key, context) => {
      const reading = await intact.readSecret(key, context);
      if (reading === undefined && context.version === undefined) absent.add(key);
      return absent.has(key) ? undefined : reading;
    };
  }),
  "looks names up in an object": brokenRead(
    ["inherited-names-are-absent"],
    (intact, store) => async (key, context) => {
      const reading = await intact.readSecret(key, context);
      const inherited: unknown = Reflect.get(Object.fromEntries(store.secrets), key);
      return reading ?? (typeof inherited === "function" ? { value: String(inherited) } : undefined);
    },
  ),
  "cuts names": brokenRead(
    ["names-do-not-collide", "concurrent-reads-are-kept-apart", "listing-agrees"],
    (intact, store) => async (key, context) => {
      const reading = await intact.readSecret(key, context);
      const first = [...store.secrets].find(([name]) => name.slice(0, 8) === key.slice(0, 8));
      return reading && store.requests > 1 && first ? intact.readSecret(first[0], context) : reading;
    },
  ),
  "ignores case without saying so": brokenRead(
    ["case-does-not-collide"],
    (intact) => async (key, context) =>
      intact.readSecret(key.startsWith("conformance") ? key.toUpperCase() : key, context),
  ),
  "trims names": brokenRead(
    ["names-are-not-interpreted"],
    (intact) => async (key, context) => intact.readSecret(key.trim(), context),
  ),
  "takes names for paths": brokenRead(
    ["names-are-not-interpreted"],
    (intact) => async (key, context) =>
      intact.readSecret(new URL(key, "https://store/").pathname.slice(1), context),
  ),
  "has a storeKey that never comes to rest": {
    breaks: ["store-keys-are-stable"],
    breakage: (intact) => ({
      ...withoutWatch(intact),
      storeKey: (key) => `app/${key}`,
      readSecret: (key, context) => intact.readSecret(key.replace(/^(app\/)+/, ""), context),
      readAll: async (context) =>
        new Map([...(await intact.readAll(context))].map(([key, reading]) => [`app/${key}`, reading])),
    }),
  },
  "denies a secret in another spelling": {
    breaks: ["one-store-key-is-one-secret"],
    breakage: (intact) => ({
      ...withoutWatch(intact),
      storeKey: (key) => key.replaceAll("_", "-"),
      readSecret: async (key, context) =>
        intact.readSecret(key.includes("_") ? `${key}?` : key.replaceAll("-", "_"), context),
      readAll: async (context) =>
        new Map(
          [...(await intact.readAll(context))].map(([key, reading]) => [key.replaceAll("_", "-"), reading]),
        ),
    }),
  },
  "reports no version of its own": brokenValue(["versions-are-reported"], (reading) => ({
    ...reading,
    version: "latest",
  })),
  "ignores the version": brokenRead(
    ["versions-are-pinned", "unknown-versions-are-not-found"],
    (intact) =>
      (key, { signal }) =>
        intact.readSecret(key, { signal }),
  ),
  "falls back to the current version": brokenRead(
    ["unknown-versions-are-not-found"],
    (intact) => async (key, context) =>
      (await intact.readSecret(key, context)) ?? intact.readSecret(key, { signal: context.signal }),
  ),
  "has no versions and ignores that one is asked for": {
    breaks: ["versions-are-refused"],
    lacks: { versions: "one value for each name" },
    breakage: (intact) => ({
      ...intact,
      readSecret: (key, { signal }) => intact.readSecret(key, { signal }),
    }),
  },
};
