import { expectNotFound, expectValue } from "../expectation.ts";
import type { ProviderPromise } from "../promise.ts";
import type { Stage } from "../stage.ts";
import { broke } from "../verdict.ts";

export const names: readonly ProviderPromise[] = [
  {
    id: "names-do-not-collide",
    title: "each name reads its own secret, and only that",
    remedy: "Pass the whole name on. Where the store forces a mapping, make `storeKey` show it.",
    async check(trial) {
      const stage = await trial.open();
      const [a, b, never] = stage.names;
      const first = await stage.seed(a);
      const second = await stage.seed(b);
      expectValue(`A read of ${a}`, await stage.attempt(a), first.value, stage);
      expectValue(`A read of ${b}`, await stage.attempt(b), second.value, stage);
      expectValue(`A second read of ${a}`, await stage.attempt(a), first.value, stage);
      expectNotFound(`A read of ${never}`, await stage.attempt(never), stage);
    },
  },
  {
    id: "case-does-not-collide",
    title: "names that differ in case are two secrets, or one `storeKey`",
    remedy:
      "Compare names exactly. For a store that ignores case, fold it in `storeKey`, so that core sees it.",
    async check(trial) {
      const stage = await trial.open();
      const [a] = stage.names;
      await stage.seed(a);
      for (const other of [a.toLowerCase(), a.toUpperCase()]) {
        const key = storeKeyOrRefused(stage, other);
        if (key === undefined || key === stage.storeKey(a)) continue;
        const outcome = await stage.attempt(other);
        expectNotFound(`Only ${a} was seeded; a read of ${other}`, outcome, stage);
      }
    },
  },
  {
    id: "names-are-not-interpreted",
    title: "a name is never taken for a path, a query, a pattern or a longer name",
    remedy: "Encode the name where it enters a URL, and refuse in `storeKey` what the store cannot hold.",
    async check(trial) {
      const stage = await trial.open();
      const [a] = stage.names;
      await stage.seed(a);
      const disguises = [`x/../${a}`, `./${a}`, `${a}/`, `${a}?x=1`, `${a}#x`, `${a}%20`, `${a} `, ` ${a}`];
      for (const name of [...disguises, `${a}\0`, `${a}\n`, "*", "", a.slice(0, -1)]) {
        const key = storeKeyOrRefused(stage, name);
        if (key === undefined || key === stage.storeKey(a)) continue;
        const outcome = await stage.attempt(name);
        expectNotFound(`Only ${a} was seeded; a read of ${JSON.stringify(name)}`, outcome, stage);
      }
    },
  },
  {
    id: "store-keys-are-stable",
    title: "`storeKey` says the same every time, and leaves its own result as it is",
    remedy: "Make storeKey a pure function with storeKey(storeKey(name)) === storeKey(name).",
    async check(trial) {
      const stage = await trial.open();
      for (const name of stage.names) {
        const key = stage.storeKey(name);
        if (stage.storeKey(name) !== key) broke(`storeKey(${name}) gave two different answers.`);
        if (stage.storeKey(key) !== key)
          broke(`storeKey(${name}) is ${key}, and storeKey of that is something else.`);
      }
      const keys = new Set(stage.names.map((name) => stage.storeKey(name)));
      if (keys.size < stage.names.length) broke("Two of the harness's three names have the same storeKey.");
    },
  },
  {
    id: "one-store-key-is-one-secret",
    title: "a name and its `storeKey` read the same secret",
    remedy: "Let readSecret accept a name in either spelling, or reject the one that is not the store's.",
    async check(trial) {
      const stage = await trial.open();
      const [a] = stage.names;
      const { value } = await stage.seed(a);
      const asWritten = await stage.attemptExactly(() => a);
      // A store may refuse its foreign spelling, but not deny that there is such a secret.
      if (asWritten.status === "failed") return;
      expectValue(`A read of ${a} past storeKey`, asWritten, value, stage);
    },
  },
];

function storeKeyOrRefused(stage: Stage, name: string): string | undefined {
  try {
    return stage.storeKey(name);
  } catch {
    // Refusing a name is what storeKey is for.
    return undefined;
  }
}
