import type { Clock } from "./clock.ts";
import { SecretError } from "./errors.ts";
import type { Emit } from "./events.ts";
import type { CachePolicy, PollPolicy, RetryPolicy } from "./policy.ts";
import type { FailureKind } from "./provider.ts";
import type { Redactor } from "./redactor.ts";

/** What the parts of one manager share. */
export interface Runtime {
  readonly clock: Clock;
  readonly random: () => number;
  readonly cache: CachePolicy;
  readonly retry: RetryPolicy;
  readonly poll: PollPolicy;
  readonly deadlineMs: number;
  readonly continueOn: ReadonlySet<FailureKind>;
  readonly emit: Emit | undefined;
  readonly redactor: Redactor;
  readonly lifetime: Lifetime;
}

/** Ends what is under way when the manager closes. */
export class Lifetime {
  closed = false;
  readonly #ends = new Set<() => void>();

  /** @returns the removal of `end`. */
  untilClose(end: () => void): () => void {
    this.#ends.add(end);
    return () => this.#ends.delete(end);
  }

  close(): void {
    this.closed = true;
    for (const end of [...this.#ends]) end();
    this.#ends.clear();
  }
}

export function closedError(key?: string): SecretError {
  return new SecretError({
    code: "closed",
    key,
    message: "These secrets are closed: close() has been called. Create new ones with createSecrets().",
  });
}
