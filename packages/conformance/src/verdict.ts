/** Ends a check: the promise is broken, and this happened. */
export class Breach extends Error {}

/** Ends a check that cannot be made here, for a reason that becomes the note of the skipped test. */
export class NotAsked extends Error {}

/** The harness, not the provider, did something that makes the check meaningless. */
export class HarnessFault extends Error {
  override readonly name = "HarnessFault";
}

/** A promise that a provider broke: which one, what happened, what to do. Holds no value and no SDK error. */
export class BrokenPromise extends Error {
  override readonly name = "BrokenPromise";
  /** The promise's identifier, as in the README's table. */
  readonly id: string;

  constructor(
    promise: {
      readonly id: string;
      readonly title: string;
      readonly remedy: string;
    },
    happened: string,
  ) {
    super(
      `The promise "${promise.id}" is broken: ${promise.title}.\n` +
        `What happened: ${happened}\nWhat to do: ${promise.remedy}`,
    );
    this.id = promise.id;
  }
}

export function broke(happened: string): never {
  throw new Breach(happened);
}

export function notAsked(reason: string): never {
  throw new NotAsked(reason);
}

/** For a check that starts where another promise was kept: that one reports the fault. */
export function seeInstead(id: string): never {
  throw new NotAsked(`it can be judged only where "${id}" is kept`);
}
