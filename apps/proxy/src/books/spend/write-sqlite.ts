import { type Kysely, sql } from "kysely";
import type { SpendLog, Tables } from "../database/schema.ts";
import type { Totals } from "./spend-queue.ts";

/**
 * Writes a batch in one transaction: what is there already is left out of the rows, and so out of every sum. SQLite
 * takes the rows as one JSON text, and has no insert inside of a query: the sums are taken before the rows are there.
 */
export async function writeToSqlite(tables: Kysely<Tables>, rows: readonly SpendLog[]): Promise<Totals> {
  const fresh = sql`(
    select value ->> 'request_id' as request_id, value ->> 'key_id' as key_id, value ->> 'token' as token,
      value ->> 'call_type' as call_type, value ->> 'model' as model, value ->> 'status' as status,
      value ->> 'spend' as spend, value ->> 'prompt_tokens' as prompt_tokens,
      value ->> 'completion_tokens' as completion_tokens, value ->> 'total_tokens' as total_tokens,
      value ->> 'requests' as requests, value ->> 'started_at' as started_at, value ->> 'ended_at' as ended_at
    from json_each(${JSON.stringify(rows)})
    where value ->> 'request_id' not in (select request_id from keyward_spend_logs))`;
  return tables.connection().execute(async (connection) => {
    await sql`begin immediate`.execute(connection);
    try {
      await sql`
        insert into keyward_model_spend (key_id, model, spend, prompt_tokens, completion_tokens, requests)
        select key_id, model, sum(spend), sum(prompt_tokens), sum(completion_tokens), sum(requests)
          from ${fresh} where true group by key_id, model
        on conflict (key_id, model) do update set
          spend = keyward_model_spend.spend + excluded.spend,
          prompt_tokens = keyward_model_spend.prompt_tokens + excluded.prompt_tokens,
          completion_tokens = keyward_model_spend.completion_tokens + excluded.completion_tokens,
          requests = keyward_model_spend.requests + excluded.requests`.execute(connection);
      const { rows: totals } = await sql<Totals[number]>`
        update keyward_keys set spend = keyward_keys.spend + added.spend
          from (select key_id, sum(spend) as spend from ${fresh} group by key_id) as added
          where keyward_keys.id = added.key_id
          returning id, token, keyward_keys.spend`.execute(connection);
      await sql`
        insert into keyward_spend_logs
          (request_id, key_id, token, call_type, model, status, spend, prompt_tokens, completion_tokens,
           total_tokens, requests, started_at, ended_at)
        select * from ${fresh} where true`.execute(connection);
      await sql`commit`.execute(connection);
      return totals;
    } catch (error) {
      await sql`rollback`.execute(connection);
      throw error;
    }
  });
}
