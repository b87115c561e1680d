import { expectFailure, expectNotFound, expectValue } from "../expectation.ts";
import type { ProviderPromise } from "../promise.ts";
import type { Stage } from "../stage.ts";
import { broke, HarnessFault } from "../verdict.ts";

const passVersion = "Pass context.version to the store where it is given, and only there.";

export const versions: readonly ProviderPromise[] = [
  {
    id: "versions-are-reported",
    title: "a reading names the version it came from, also when a new version has the old value",
    remedy: "Return the store's own version identifier as `version`, as a string.",
    needs: ["versions"],
    async check(trial) {
      const stage = await trial.open();
      const [a] = stage.names;
      const { value } = await seedVersion(stage, a);
      const { version } = await seedVersion(stage, a, value);
      const reading = expectValue("A read of the second version", await stage.attempt(a), value, stage);
      if (reading.version !== version)
        broke("The reading's version is not the one that the store gave the secret.");
    },
  },
  {
    id: "versions-are-pinned",
    title: "a read that asks for a version gets that version, of that secret",
    remedy: passVersion,
    needs: ["versions"],
    async check(trial) {
      const stage = await trial.open();
      const [a, b] = stage.names;
      const older = await seedVersion(stage, a);
      const newer = await seedVersion(stage, a);
      await seedVersion(stage, b);
      const pinned = await stage.attempt(a, { version: older.version });
      expectValue("A read of the older version", pinned, older.value, stage);
      const current = await stage.attempt(a, { version: newer.version });
      expectValue("A read of the newer version by its name", current, newer.value, stage);
      expectValue("A read without a version", await stage.attempt(a), newer.value, stage);
      const foreign = await stage.attempt(b, { version: older.version });
      if (foreign.status === "found" && foreign.reading.value === older.value) {
        broke(`A read of ${b} with a version of ${a} found the value of ${a}.`);
      }
    },
  },
  {
    id: "unknown-versions-are-not-found",
    title: "a version that does not exist is absent or a failure, never the current one",
    remedy: `${passVersion} There is no fallback to the current version.`,
    needs: ["versions"],
    async check(trial) {
      const stage = await trial.open();
      const [a, , never] = stage.names;
      const { version } = await seedVersion(stage, a);
      const unknown = await stage.attempt(a, { version: unlike(version) });
      expectNotFound("A read of a version that does not exist", unknown, stage);
      expectNotFound("A versioned read of an absent secret", await stage.attempt(never, { version }), stage);
    },
  },
  {
    id: "versions-are-refused",
    title: "a store without versions throws when it is asked for one",
    remedy: "Throw when context.version is given: returning the only value there is would be a lie.",
    onlyWithout: "versions",
    async check(trial) {
      const stage = await trial.open();
      const [a] = stage.names;
      await stage.seed(a);
      expectFailure("A read of version 1", await stage.attempt(a, { version: "1" }), stage);
    },
  },
];

async function seedVersion(
  stage: Stage,
  name: string,
  value?: string,
): Promise<{ value: string; version: string }> {
  const seeded = await stage.seed(name, value);
  if (seeded.version === undefined) {
    throw new HarnessFault(
      'The harness\'s seed() returned no version. Return { version }, or say in `lacks["versions"]` why there is none.',
    );
  }
  return { value: seeded.value, version: seeded.version };
}

/** A version of the same shape that does not exist, so that the store and not a parser refuses it. */
function unlike(version: string): string {
  if (/^\d{1,9}$/.test(version)) return String(Number(version) + 100_000);
  const turned = version.replaceAll(/[0-9a-f]/gi, (digit) => (digit === "0" ? "1" : "0"));
  return turned === version ? `${version}0` : turned;
}
