import type { KeyRow } from "../database/schema.ts";
import { readDuration } from "../keys/duration.ts";
import { toNano } from "../prices/money.ts";
import { asCount, asFlag, asMoney, asObject, asText, asTexts, type Body, bad, field } from "./fields.ts";

/** What LiteLLM's requests can say that would restrict a key, and that is not kept here: better refused than ignored. */
const notKept = [
  "model_max_budget",
  "model_rpm_limit",
  "model_tpm_limit",
  "guardrails",
  "policies",
  "permissions",
  "allowed_routes",
  "allowed_cache_controls",
  "enforced_params",
  "aliases",
  "config",
  "object_permission",
  "budget_id",
  "soft_budget",
  "rotation_interval",
];

/** Columns of a key that change. */
export type KeyChanges = { [K in keyof KeyRow]?: KeyRow[K] };

/**
 * What a request makes of a key, as columns. Fields that it does not name are not in it; `null` takes a limit away.
 * @throws Refused
 */
export function readChanges(body: Body, now: number): KeyChanges {
  for (const name of notKept) {
    const value = body[name];
    if (value === undefined || value === null || value === false || isEmpty(value)) continue;
    throw bad(`"${name}" is not supported: the key would not be restricted as you ask`, name);
  }
  const models = field(body, "models", "a list of models", asTexts);
  const maxBudget = field(body, "max_budget", "a number of dollars", asMoney);
  const spend = field(body, "spend", "a number of dollars", asMoney);
  const metadata = field(body, "metadata", "an object", asObject);
  const blocked = field(body, "blocked", "true or false", asFlag);
  const changes = {
    key_alias: field(body, "key_alias", "text", asText),
    models: models === undefined ? undefined : JSON.stringify(models ?? []),
    max_budget: typeof maxBudget === "number" ? toNano(maxBudget) : maxBudget,
    rpm_limit: field(body, "rpm_limit", "a whole number", asCount),
    tpm_limit: field(body, "tpm_limit", "a whole number", asCount),
    max_parallel_requests: field(body, "max_parallel_requests", "a whole number", asCount),
    metadata: metadata === undefined ? undefined : JSON.stringify(metadata ?? {}),
    user_id: field(body, "user_id", "text", asText),
    team_id: field(body, "team_id", "text", asText),
    blocked: blocked === undefined ? undefined : Number(blocked ?? false),
    spend: typeof spend === "number" ? toNano(spend) : undefined,
    ...readTimes(body, now),
  };
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

function readTimes(body: Body, now: number): KeyChanges {
  const period = field(body, "budget_duration", duration, asDuration);
  const life = field(body, "duration", `${duration}, or "-1" for ever`, (value) =>
    value === "-1" ? value : asDuration(value),
  );
  return {
    ...(period === undefined
      ? {}
      : { budget_duration: period, budget_reset_at: period === null ? null : now + millisecondsOf(period) }),
    ...(life === undefined
      ? {}
      : { expires: life === null || life === "-1" ? null : now + millisecondsOf(life) }),
  };
}

const duration = "a length of time: 30s, 30m, 30h, 30d, 2w or 1mo";

function asDuration(value: unknown): string | undefined {
  return typeof value === "string" && readDuration(value) !== undefined ? value : undefined;
}

function millisecondsOf(text: string): number {
  return readDuration(text) ?? 0;
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
