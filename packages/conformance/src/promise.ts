import type { Capability } from "./harness.ts";
import type { Trial } from "./trial.ts";

/** One promise of the contract and the check that finds out whether a provider keeps it. Knows no test framework. */
export interface ProviderPromise {
  /** Fixed, in kebab-case. */
  readonly id: string;
  /** What is promised, as the title of a test. */
  readonly title: string;
  /** What the provider's author does when it is broken. */
  readonly remedy: string;
  /** What the store must be able to do; where it lacks one of them, the check is skipped. */
  readonly needs?: readonly Capability[];
  /** The check is skipped where the store lacks all of them. */
  readonly needsOneOf?: readonly Capability[];
  /** The promise is made only by a provider whose store lacks this. */
  readonly onlyWithout?: Capability;
  /**
   * Returns if the promise is kept; otherwise it throws through `broke` or `notAsked`. For `checkPromise` to call:
   * what a trial offers may change with any release.
   */
  check(trial: Trial): Promise<void>;
}
