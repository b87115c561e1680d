import type { Failure, FailureKind } from "@keyward/core";

interface Explanation {
  readonly kind: FailureKind;
  /** What is wrong with the place, and what to do about it. */
  readonly remedy: (place: string) => string;
}

/** Everything that can go wrong here; the README shows the same table. */
export const failures = {
  "file-missing": {
    kind: "invalid",
    remedy: (place) =>
      `${place} does not exist. Create it or correct \`path\`; only the default files may be missing.`,
  },
  "file-denied": {
    kind: "denied",
    remedy: (place) =>
      `The operating system refuses to open ${place}. Grant this process's user the right to read it.`,
  },
  "file-is-directory": {
    kind: "invalid",
    remedy: (place) =>
      `${place} is a directory. Name a file; Docker makes a directory when the file to be mounted is missing.`,
  },
  "file-unavailable": {
    kind: "unavailable",
    remedy: (place) =>
      `${place} is there but could not be read. Check the disk or network mount and the limit on open files.`,
  },
  "file-encoding": {
    kind: "invalid",
    remedy: (place) => `${place} is not UTF-8 text, nor UTF-16 with a byte order mark. Save it as UTF-8.`,
  },
  "line-malformed": {
    kind: "invalid",
    remedy: (place) =>
      `${place} is not an assignment that dotenv reads. Write NAME=value, the name in ASCII letters, digits, "_", "-" or ".".`,
  },
  "quote-unclosed": {
    kind: "invalid",
    remedy: (place) =>
      `${place} begins a quote that does not close at the end of the value. Close it, or use another kind of quote around it.`,
  },
  "value-encrypted": {
    kind: "invalid",
    remedy: (place) =>
      `${place} holds a value that dotenvx encrypted. Start the process with \`dotenvx run\`, or store the value decrypted.`,
  },
  "no-versions": {
    kind: "invalid",
    remedy: (place) => `${place} keeps one value for each name. Ask for it without a version.`,
  },
  closed: {
    kind: "invalid",
    remedy: (place) => `${place} was closed. Read before closing it, or make a new one.`,
  },
} as const satisfies Record<string, Explanation>;

export type FailureReason = keyof typeof failures;

/** Names a place and a reason, never content. */
export class DotenvFailure extends Error {
  override readonly name = "DotenvFailure";
  readonly reason: FailureReason;
  readonly place: string;

  constructor(reason: FailureReason, place: string, options?: ErrorOptions) {
    super(`${place}: ${reason}`, options);
    this.reason = reason;
    this.place = place;
  }
}

export function classify(error: unknown): Failure | undefined {
  if (!(error instanceof DotenvFailure)) return undefined;
  const { reason, place } = error;
  const { kind, remedy } = failures[reason];
  return { kind, reason, remedy: remedy(place) };
}
