import type { Insertable, Selectable } from "kysely";

/**
 * What both databases hold. Amounts of money are whole nano-dollars and instants are milliseconds since 1970, so that
 * sums are exact and mean the same in PostgreSQL and in SQLite. The prefix leaves room for LiteLLM's own tables.
 */
export interface Tables {
  keyward_keys: KeyTable;
  keyward_spend_logs: SpendLogTable;
  keyward_model_spend: ModelSpendTable;
  keyward_limits: LimitTable;
  keyward_leases: LeaseTable;
}

export interface KeyTable {
  /** Stays when the key is regenerated. */
  id: string;
  /** The SHA-256 of the key, in hexadecimal. The key itself is nowhere. */
  token: string;
  /** What people recognise it by: `sk-...` and its last four characters. */
  key_name: string;
  key_alias: string | null;
  /** JSON: the models it may ask for; an empty list for all. */
  models: string;
  max_budget: number | null;
  budget_duration: string | null;
  budget_reset_at: number | null;
  expires: number | null;
  rpm_limit: number | null;
  tpm_limit: number | null;
  max_parallel_requests: number | null;
  /** JSON. */
  metadata: string;
  user_id: string | null;
  team_id: string | null;
  /** 0 or 1: SQLite has no other. */
  blocked: number;
  /** In this budget period. */
  spend: number;
  created_at: number;
  updated_at: number;
}

export interface SpendLogTable {
  /** Made by the proxy that served the request: what makes a batch that is written twice count once. */
  request_id: string;
  key_id: string;
  token: string;
  call_type: string;
  model: string;
  spend: number;
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  /** How many requests this row stands for: more than one only when a long outage made the queue sum up. */
  requests: number;
  /** `success`, `cancelled` or `failure`. Without the first, what the upstream counted is not known. */
  status: string;
  started_at: number;
  ended_at: number;
}

export interface ModelSpendTable {
  key_id: string;
  model: string;
  spend: number;
  prompt_tokens: number;
  completion_tokens: number;
  requests: number;
}

/** As rate-limiter-flexible wants it. */
export interface LimitTable {
  key: string;
  points: number;
  expire: number | null;
}

/** Requests under way for keys with `max_parallel_requests`. */
export interface LeaseTable {
  key_id: string;
  /** JSON: when each lease ends unless it is renewed. */
  leases: string;
}

export type KeyRow = Selectable<KeyTable>;
export type SpendLog = Insertable<SpendLogTable>;
