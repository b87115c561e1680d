import type { SecretErrorCode } from "./errors.ts";

/** What happened, for logs and metrics. No event holds a value, a token or an SDK's error. */
export type SecretEvent =
  /** The store was asked and had the secret; without `key`, it listed all of them. */
  | {
      readonly type: "read";
      readonly provider: string;
      readonly key?: string | undefined;
      readonly durationMs: number;
    }
  /** The store was asked and answered that there is no such secret. */
  | {
      readonly type: "absent";
      readonly provider: string;
      readonly key: string;
      readonly durationMs: number;
    }
  /** A call was answered from the cache. */
  | { readonly type: "hit"; readonly provider: string; readonly key: string }
  /** A call had to wait for a store. */
  | { readonly type: "miss"; readonly provider: string; readonly key: string }
  /** A call was answered with the last good value, because the store could not be asked. */
  | {
      readonly type: "stale";
      readonly provider: string;
      readonly key: string;
      readonly ageMs: number;
    }
  /** The store now has another version or value, or has none where it had one. */
  | {
      readonly type: "rotated";
      readonly provider: string;
      readonly key: string;
      readonly version?: string | undefined;
    }
  /** A read ended in a failure, after its retries; `reason` as in the provider's error table. */
  | {
      readonly type: "failed";
      readonly provider: string;
      readonly key?: string | undefined;
      readonly durationMs: number;
      readonly code: SecretErrorCode;
      readonly reason?: string | undefined;
    }
  /** Two spellings, `key` and `otherKey`, are the same secret in the store. Reported once for each pair. */
  | {
      readonly type: "collision";
      readonly provider: string;
      readonly key: string;
      readonly otherKey: string;
    }
  /** A listener given to `subscribe` threw. It stays subscribed. */
  | {
      readonly type: "listener_failed";
      readonly provider: string;
      readonly key: string;
    };

/** Tells the application's hook, whose own failures must not reach a reader of secrets. */
export type Emit = (event: SecretEvent) => void;

export function safely(onEvent: ((event: SecretEvent) => void) | undefined): Emit | undefined {
  if (onEvent === undefined) return undefined;
  return (event) => {
    guard(() => onEvent(event));
  };
}

/** Calls foreign code whose failure, thrown or rejected, belongs to nobody who is waiting here. */
export function guard(call: () => unknown, onFailure: () => void = ignore): void {
  try {
    const result = call();
    if (result instanceof Promise) result.catch(onFailure);
  } catch {
    onFailure();
  }
}

function ignore(): void {}
