import type { SecretErrorCode } from "./errors.ts";

/** What happened, for logs and metrics. Never holds a value. */
export interface SecretEvent {
  readonly type: "read" | "hit" | "miss" | "stale" | "rotated" | "absent" | "failed" | "collision";
  /** `SecretProvider.name`. */
  readonly provider: string;
  readonly key?: string;
  /** Milliseconds that the read took, with `read`, `absent` and `failed`. */
  readonly durationMs?: number;
  /** With `failed` and `stale`. */
  readonly code?: SecretErrorCode;
}
