import type { SecretReading } from "@keyward/core";
import { InfisicalFailure } from "./failures.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * What the answer to a list holds, by name. The folder's own secrets come before imported ones, and of two imports
 * the later one counts, as in Infisical's own clients (the SDK's `listSecretsWithImports` has it the other way round).
 */
export function readingsIn(answer: unknown): Map<string, SecretReading> {
  const { secrets, imports = [] } = fieldsOf(answer);
  const imported = listOf(imports).map((entry) => fieldsOf(entry).secrets);
  return firstOfEach([secrets, ...imported.reverse()]);
}

/** As {@link readingsIn}, without imports. */
export function ownReadingsIn(answer: unknown): Map<string, SecretReading> {
  return firstOfEach([fieldsOf(answer).secrets]);
}

function firstOfEach(lists: readonly unknown[]): Map<string, SecretReading> {
  const readings = new Map<string, SecretReading>();
  for (const secret of lists.flatMap(listOf).map(fieldsOf)) {
    // One person's override. It is nobody else's value.
    if (secret.type === "personal") continue;
    const { secretKey } = secret;
    if (typeof secretKey !== "string") throw new InfisicalFailure("unreadable-answer");
    if (!readings.has(secretKey)) readings.set(secretKey, readingIn(secret));
  }
  return readings;
}

/** One secret. */
export function readingIn(answer: unknown): SecretReading {
  const { secretValue, secretValueHidden, version, createdAt, updatedAt } = fieldsOf(answer);
  // The value is then a placeholder, which must not be mistaken for one.
  if (secretValueHidden === true) throw new InfisicalFailure("value-hidden");
  if (typeof secretValue !== "string") throw new InfisicalFailure("unreadable-answer");
  return {
    value: secretValue,
    ...(typeof version === "number" ? { version: String(version) } : {}),
    ...date("createdAt", createdAt),
    ...date("updatedAt", updatedAt),
  };
}

function date(name: "createdAt" | "updatedAt", text: unknown): { [name]?: Date } {
  const moment = new Date(typeof text === "string" ? text : Number.NaN);
  return Number.isNaN(moment.getTime()) ? {} : { [name]: moment };
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new InfisicalFailure("unreadable-answer");
  return value;
}

function fieldsOf(value: unknown): Fields {
  if (typeof value !== "object" || value === null) throw new InfisicalFailure("unreadable-answer");
  return value as Fields;
}
