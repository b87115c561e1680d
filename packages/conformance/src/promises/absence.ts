import { expectAbsent, expectNotFound, expectValue } from "../expectation.ts";
import type { ProviderPromise } from "../promise.ts";

export const absence: readonly ProviderPromise[] = [
  {
    id: "absent-is-undefined",
    title: "a secret that the store does not hold is `undefined`: no error, no null, no empty string",
    remedy:
      "Recognise the store's own answer for 'no such secret' and return undefined for that answer alone.",
    async check(trial) {
      const stage = await trial.open();
      const [a, , never] = stage.names;
      expectAbsent("A read in an empty store", await stage.attempt(never), stage);
      await stage.seed(a);
      expectAbsent("A read of one name while another is seeded", await stage.attempt(never), stage);
    },
  },
  {
    id: "removed-is-absent",
    title: "a removed secret is absent",
    remedy:
      "Treat the store's answer for a deleted secret as absent, also where it keeps a record of the deletion.",
    needs: ["remove"],
    async check(trial) {
      const stage = await trial.open();
      const [a, b] = stage.names;
      await stage.seed(a);
      const kept = await stage.seed(b);
      await stage.remove(a);
      expectAbsent("A read after the removal", await stage.attempt(a), stage);
      expectValue("A read of the other secret", await stage.attempt(b), kept.value, stage);
    },
  },
  {
    id: "absence-is-not-remembered",
    title: "a secret created after it was found absent is found by the very next read",
    remedy: "Keep no list of names that are missing: core remembers absence, and for how long is its affair.",
    async check(trial) {
      const stage = await trial.open();
      const [a] = stage.names;
      await stage.attempt(a);
      const { value } = await stage.seed(a);
      expectValue("A read after it was created", await stage.attempt(a), value, stage);
    },
  },
  {
    id: "inherited-names-are-absent",
    title:
      "names that every object inherits (`constructor`, `toString`, `__proto__`) are not found by accident",
    remedy: "Keep names in a Map, or ask Object.hasOwn before reading a property.",
    async check(trial) {
      const stage = await trial.open();
      await stage.seed(stage.names[0]);
      for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
        expectNotFound(`A read of \`${name}\`, which nobody seeded`, await stage.attempt(name), stage);
      }
    },
  },
];
