import { tokenFrom } from "../keys/plain-key.ts";
import { toDollars } from "../prices/money.ts";
import { type DaySpend, day, readSpendLogs, spendByDay } from "../spend/spend-logs.ts";
import type { BooksEndpoint } from "./endpoint.ts";
import { bad } from "./fields.ts";
import { isoTime } from "./key-view.ts";
import { wholeNumber } from "./show-keys.ts";

/** Requests, the latest first; with both dates and not `summarize=false`, sums of days, as LiteLLM does it. */
export const spendLogs: BooksEndpoint = {
  path: "/spend/logs",
  method: "GET",
  summary: "List requests and what they cost",
  async answer({ query, open }) {
    const key = query.get("api_key");
    const [from, last] = [readDate(query, "start_date"), readDate(query, "end_date")];
    const filter = {
      requestId: query.get("request_id") ?? undefined,
      token: key === null ? undefined : tokenFrom(key),
      from,
      // A date without a time means all of that day.
      until: last === undefined ? undefined : last % day === 0 ? last + day : last + 1,
    };
    const summed =
      from !== undefined && last !== undefined && query.get("summarize")?.toLowerCase() !== "false";
    if (summed) return days(await spendByDay((await open()).tables, filter));
    const logs = await readSpendLogs(
      (await open()).tables,
      filter,
      wholeNumber(query, "limit", 1000, 100_000),
    );
    return logs.map((log) => ({
      request_id: log.request_id,
      call_type: log.call_type,
      api_key: log.token,
      model: log.model,
      model_group: log.model,
      spend: toDollars(log.spend),
      prompt_tokens: log.prompt_tokens,
      completion_tokens: log.completion_tokens,
      total_tokens: log.total_tokens,
      requests: log.requests,
      status: log.status,
      startTime: isoTime(log.started_at),
      endTime: isoTime(log.ended_at),
    }));
  },
};

function days(rows: readonly DaySpend[]): unknown[] {
  const byDay = Map.groupBy(rows, (row) => row.day);
  return Array.from(byDay, ([start, parts]) => ({
    startTime: new Date(start).toISOString().slice(0, 10),
    spend: toDollars(parts.reduce((sum, { spend }) => sum + spend, 0)),
    models: sums(parts, "model"),
    // LiteLLM has the keys beside the other fields; a hash is none of their names.
    ...sums(parts, "token"),
  }));
}

function sums(rows: readonly DaySpend[], by: "model" | "token"): Record<string, number> {
  const groups = Map.groupBy(rows, (row) => row[by]);
  return Object.fromEntries(
    Array.from(groups, ([name, parts]) => [
      name,
      toDollars(parts.reduce((sum, { spend }) => sum + spend, 0)),
    ]),
  );
}

function readDate(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  // Without a zone it is UTC, not wherever the proxy runs.
  const time = Date.parse(
    /[zZ]|[+-]\d\d:?\d\d$/.test(text) || text.length <= 10 ? text : `${text.replace(" ", "T")}Z`,
  );
  if (Number.isNaN(time)) throw bad(`"${name}" must be a date: 2026-01-31`, name);
  return time;
}
