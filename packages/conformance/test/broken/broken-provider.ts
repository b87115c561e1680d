import type { Failure, SecretProvider, SecretReading } from "@keyward/core";
import type { Harness } from "../../src/index.ts";
import type { Breakage } from "../memory-harness.ts";
import type { MemoryStore } from "../memory-store.ts";

export type Intact = Required<SecretProvider>;
export type Read = SecretProvider["readSecret"];

export interface BrokenProvider {
  /** The ids of the promises that it breaks: these and no others. */
  readonly breaks: readonly string[];
  readonly breakage: Breakage;
  readonly lacks?: Harness["lacks"];
}

/** A provider that breaks promises in its `readSecret`. */
export function brokenRead(
  breaks: readonly string[],
  read: (intact: Intact, store: MemoryStore) => Read,
): BrokenProvider {
  return { breaks, breakage: (intact, store) => ({ ...intact, readSecret: read(intact, store) }) };
}

/** A provider that changes what it has found, one by one and in listings alike. */
export function brokenValue(
  breaks: readonly string[],
  change: (reading: SecretReading) => SecretReading,
): BrokenProvider {
  return {
    breaks,
    breakage: (intact) => ({
      ...intact,
      async readSecret(key, context) {
        const reading = await intact.readSecret(key, context);
        return reading && change(reading);
      },
      async readAll(context) {
        const readings = await intact.readAll(context);
        return new Map([...readings].map(([key, reading]) => [key, change(reading)]));
      },
    }),
  };
}

export function withoutWatch({ watch: _, ...rest }: Intact): SecretProvider {
  return rest;
}

/** The long form of what a provider's `classify` answers. */
export function classified({ classify }: Intact, error: unknown): Failure {
  const failure = classify(error) ?? "unknown";
  return typeof failure === "string" ? { kind: failure } : failure;
}

/** A provider that takes one kind of failure for another. */
export function brokenKind(
  breaks: readonly string[],
  from: Failure["kind"],
  to: Failure["kind"],
): BrokenProvider {
  return {
    breaks,
    breakage: (intact) => ({
      ...intact,
      classify(error) {
        const failure = classified(intact, error);
        return failure.kind === from ? { ...failure, kind: to } : failure;
      },
    }),
  };
}
