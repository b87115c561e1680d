import type { KeyRow } from "../database/schema.ts";
import type { NanoDollars } from "../prices/money.ts";
import { readDuration } from "./duration.ts";

/** A key as it is known in memory: everything that decides over a request, read once. */
export interface VirtualKey {
  readonly id: string;
  readonly token: string;
  /** `undefined` for every model. */
  readonly models: ReadonlySet<string> | undefined;
  readonly maxBudget: NanoDollars | undefined;
  /** Milliseconds since 1970. */
  readonly expires: number | undefined;
  readonly budgetPeriod: number | undefined;
  readonly rpmLimit: number | undefined;
  readonly tpmLimit: number | undefined;
  readonly maxParallelRequests: number | undefined;
  readonly blocked: boolean;
  /** What the database has counted in this budget period; not what is still to be written. */
  spend: NanoDollars;
  /** When the next budget period begins. */
  budgetResetAt: number | undefined;
}

export function readKey(row: KeyRow): VirtualKey {
  const models: unknown = JSON.parse(row.models);
  const all = !Array.isArray(models) || models.length === 0 || models.some((model) => openToAll.has(model));
  return {
    id: row.id,
    token: row.token,
    models: all ? undefined : new Set(models),
    maxBudget: row.max_budget ?? undefined,
    expires: row.expires ?? undefined,
    budgetPeriod: row.budget_duration === null ? undefined : readDuration(row.budget_duration),
    rpmLimit: row.rpm_limit ?? undefined,
    tpmLimit: row.tpm_limit ?? undefined,
    maxParallelRequests: row.max_parallel_requests ?? undefined,
    blocked: row.blocked === 1,
    spend: row.spend,
    budgetResetAt: row.budget_reset_at ?? undefined,
  };
}

/** LiteLLM's names for every model. */
const openToAll = new Set<unknown>(["*", "all-proxy-models", "all-team-models"]);
