import type { Capability, Harness, Limits } from "./harness.ts";
import { openStage, type Stage } from "./stage.ts";

const defaultLimits: Limits = {
  answerMs: 10_000,
  failMs: 5_000,
  abortMs: 1_000,
  noticeMs: 5_000,
  quietMs: 250,
};

/** One check's run: it opens as many stages as it needs, one after the other. */
export class Trial {
  readonly limits: Limits;
  readonly #harness: Harness;
  #stage: Stage | undefined;

  constructor(harness: Harness) {
    this.#harness = harness;
    this.limits = { ...defaultLimits, ...harness.limits };
  }

  can(capability: Capability): boolean {
    return this.#harness.lacks?.[capability] === undefined;
  }

  /** A provider over an empty store. The one opened before is closed and disposed of. */
  async open(): Promise<Stage> {
    await this.end();
    this.#stage = await openStage(this.#harness, this.limits);
    return this.#stage;
  }

  /** Closes the provider and disposes of the store. Idempotent. */
  async end(): Promise<void> {
    const stage = this.#stage;
    this.#stage = undefined;
    await stage?.end();
  }
}
