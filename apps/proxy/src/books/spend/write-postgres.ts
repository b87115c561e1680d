import { type Kysely, sql } from "kysely";
import type { SpendLog, Tables } from "../database/schema.ts";
import type { Totals } from "./spend-queue.ts";

/**
 * Writes a batch in one statement, which is one transaction: what is there already is left out of the rows, and so
 * out of every sum. Arrays instead of a list of rows, so that the statement is the same for any number of them.
 */
export async function writeToPostgres(tables: Kysely<Tables>, rows: readonly SpendLog[]): Promise<Totals> {
  const all = <K extends keyof SpendLog>(column: K): readonly SpendLog[K][] => rows.map((row) => row[column]);
  const { rows: totals } = await sql<Totals[number]>`
    with added as (
      insert into keyward_spend_logs
        (request_id, key_id, token, call_type, model, status, spend, prompt_tokens, completion_tokens,
         total_tokens, requests, started_at, ended_at)
      select * from unnest(
        ${all("request_id")}::text[], ${all("key_id")}::text[], ${all("token")}::text[],
        ${all("call_type")}::text[], ${all("model")}::text[], ${all("status")}::text[],
        ${all("spend")}::bigint[], ${all("prompt_tokens")}::bigint[], ${all("completion_tokens")}::bigint[],
        ${all("total_tokens")}::bigint[], ${all("requests")}::bigint[], ${all("started_at")}::bigint[],
        ${all("ended_at")}::bigint[])
      on conflict (request_id) do nothing
      returning key_id, model, spend, prompt_tokens, completion_tokens, requests
    ), by_model as (
      insert into keyward_model_spend as known
        (key_id, model, spend, prompt_tokens, completion_tokens, requests)
      select key_id, model, sum(spend), sum(prompt_tokens), sum(completion_tokens), sum(requests)
        from added group by key_id, model order by key_id, model
      on conflict (key_id, model) do update set
        spend = known.spend + excluded.spend,
        prompt_tokens = known.prompt_tokens + excluded.prompt_tokens,
        completion_tokens = known.completion_tokens + excluded.completion_tokens,
        requests = known.requests + excluded.requests
    ), by_key as (
      select key_id, sum(spend) as spend from added group by key_id
    )
    update keyward_keys as keys set spend = keys.spend + by_key.spend
      from by_key where keys.id = by_key.key_id
      returning keys.id, keys.token, keys.spend`.execute(tables);
  return totals;
}
