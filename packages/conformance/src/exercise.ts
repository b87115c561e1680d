import type { Stage } from "./stage.ts";
import type { Trial } from "./trial.ts";

/** Gets everything thrown, and the stage on which it was thrown. */
export type Visit = (error: unknown, stage: Stage) => void;

/**
 * Takes a provider through everything it can go through, without judging what it answers: for promises about what
 * happens besides.
 */
export async function exercise(trial: Trial, visit: Visit = ignore): Promise<void> {
  await untroubled(await trial.open(), visit);
  for (const trouble of (await trial.open()).troubles) {
    const stage = await used(trial, visit);
    await stage.trouble(trouble);
    await reads(stage, visit);
  }
  if (!trial.can("delay")) return;
  const stage = await used(trial, visit);
  await stage.hang();
  const outcome = await stage.abortOnceAsked((options) => stage.attempt(stage.names[0], options));
  if (outcome.status === "failed") visit(outcome.error, stage);
  // What was given up may still come to an end.
  await stage.heal();
}

/** A provider that has read a secret, and so knows its value. */
async function used(trial: Trial, visit: Visit): Promise<Stage> {
  const stage = await trial.open();
  await stage.seed(stage.names[0]);
  await reads(stage, visit);
  return stage;
}

async function untroubled(stage: Stage, visit: Visit): Promise<void> {
  const [a, , never] = stage.names;
  await stage.seed(a);
  const watching = new AbortController();
  stage.provider.watch?.(() => undefined, { signal: watching.signal });
  await reads(stage, visit);
  for (const attempt of [
    { version: "no-such-version" },
    { signal: AbortSignal.abort(new Error("aborted")) },
  ]) {
    const outcome = await stage.attempt(a, attempt);
    if (outcome.status === "failed") visit(outcome.error, stage);
  }
  await stage.attempt(never);
  await stage.seed(a);
  await reads(stage, visit);
  watching.abort(new Error("the check has seen enough"));
  await stage.close();
  await reads(stage, visit);
}

async function reads(stage: Stage, visit: Visit): Promise<void> {
  const limitMs = stage.limits.failMs;
  const read = await stage.attempt(stage.names[0], { limitMs });
  if (read.status === "failed") visit(read.error, stage);
  if (stage.provider.readAll === undefined) return;
  const listing = await stage.list({ limitMs });
  if (listing.status === "failed") visit(listing.error, stage);
}

function ignore(): void {}
