import { keysBySpend, listKeys, readKeyRow } from "../keys/key-store.ts";
import { tokenFrom } from "../keys/plain-key.ts";
import { notFound } from "./change-keys.ts";
import type { BooksEndpoint } from "./endpoint.ts";
import { bad } from "./fields.ts";
import { viewKey } from "./key-view.ts";

export const keyInfo: BooksEndpoint = {
  path: "/key/info",
  method: "GET",
  summary: "Tell of a virtual key",
  async answer({ query, open }) {
    const key = query.get("key");
    if (!key) throw bad("Name the key: /key/info?key=<key or its hash>", "key");
    const row = await readKeyRow((await open()).tables, tokenFrom(key));
    if (row === undefined) throw notFound("There is no such key: GET /key/list shows those there are");
    const { token: _, ...info } = viewKey(row);
    return { key, info };
  },
};

export const keyList: BooksEndpoint = {
  path: "/key/list",
  method: "GET",
  summary: "List virtual keys",
  async answer({ query, open }) {
    const page = wholeNumber(query, "page", 1, 1_000_000);
    const size = wholeNumber(query, "size", 10, 100);
    const hash = query.get("key_hash");
    const { rows, total } = await listKeys(
      (await open()).tables,
      {
        alias: query.get("key_alias") ?? undefined,
        userId: query.get("user_id") ?? undefined,
        teamId: query.get("team_id") ?? undefined,
        token: hash === null ? undefined : tokenFrom(hash),
      },
      { offset: (page - 1) * size, limit: size },
    );
    const whole = query.get("return_full_object")?.toLowerCase() === "true";
    return {
      keys: rows.map((row) => (whole ? viewKey(row) : row.token)),
      total_count: total,
      current_page: page,
      total_pages: Math.ceil(total / size),
    };
  },
};

/** Those that have spent most come first. */
export const spendByKey: BooksEndpoint = {
  path: "/spend/keys",
  method: "GET",
  summary: "List virtual keys by what they have spent",
  answer: async ({ query, open }) =>
    (await keysBySpend((await open()).tables, wholeNumber(query, "limit", 100, 10_000))).map(viewKey),
};

export function wholeNumber(query: URLSearchParams, name: string, byDefault: number, most: number): number {
  const text = query.get(name);
  if (text === null) return byDefault;
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw bad(`"${name}" must be a whole number from 1 to ${most}`, name);
}
