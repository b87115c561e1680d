import type { KeyRow } from "../database/schema.ts";
import { toDollars } from "../prices/money.ts";

/** A key as LiteLLM shows it. `token` is its hash; the key itself is nowhere. */
export function viewKey(row: KeyRow) {
  return {
    token: row.token,
    key_name: row.key_name,
    key_alias: row.key_alias,
    spend: toDollars(row.spend),
    max_budget: row.max_budget === null ? null : toDollars(row.max_budget),
    budget_duration: row.budget_duration,
    budget_reset_at: isoTime(row.budget_reset_at),
    expires: isoTime(row.expires),
    models: JSON.parse(row.models),
    rpm_limit: row.rpm_limit,
    tpm_limit: row.tpm_limit,
    max_parallel_requests: row.max_parallel_requests,
    metadata: JSON.parse(row.metadata),
    user_id: row.user_id,
    team_id: row.team_id,
    blocked: row.blocked === 1,
    aliases: {},
    config: {},
    permissions: {},
    created_at: isoTime(row.created_at),
    updated_at: isoTime(row.updated_at),
  };
}

export function isoTime(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}
