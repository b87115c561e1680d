/** The gRPC status numbers that Cloud KMS answers with. */
export const status = {
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  outOfRange: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** What REST calls the same, with its HTTP status. */
export const httpStatus: Readonly<Record<number, readonly [number, string]>> = {
  3: [400, "INVALID_ARGUMENT"],
  4: [504, "DEADLINE_EXCEEDED"],
  5: [404, "NOT_FOUND"],
  6: [409, "ALREADY_EXISTS"],
  7: [403, "PERMISSION_DENIED"],
  8: [429, "RESOURCE_EXHAUSTED"],
  9: [400, "FAILED_PRECONDITION"],
  11: [400, "OUT_OF_RANGE"],
  12: [501, "UNIMPLEMENTED"],
  13: [500, "INTERNAL"],
  14: [503, "UNAVAILABLE"],
  16: [401, "UNAUTHENTICATED"],
};

/** An error as the service answers it. `reason` is that of `google.rpc.ErrorInfo`, where there is one. */
export class KmsStatus extends Error {
  readonly code: number;
  readonly reason: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: number, message: string, reason?: string, retryAfterSeconds?: number) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
