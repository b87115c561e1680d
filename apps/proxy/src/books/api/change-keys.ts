import { randomUUID } from "node:crypto";
import { isDuplicate } from "../database/failure.ts";
import type { KeyRow } from "../database/schema.ts";
import { deleteKeys, insertKey, updateKey } from "../keys/key-store.ts";
import { generatePlainKey, shownName, tokenFrom, tokenOf } from "../keys/plain-key.ts";
import { refusal } from "../refusals.ts";
import type { BooksEndpoint, Question } from "./endpoint.ts";
import { asText, asTexts, type Body, bad, field, Refused } from "./fields.ts";
import { type KeyChanges, readChanges } from "./key-changes.ts";
import { viewKey } from "./key-view.ts";

/** The one answer that holds the key itself. */
export const generateKey: BooksEndpoint = {
  path: "/key/generate",
  method: "POST",
  summary: "Make a virtual key",
  async answer({ body, open, isMasterKey }) {
    const now = Date.now();
    const key =
      field(body, "key", 'text that begins with "sk-", without spaces', asKey) ?? generatePlainKey();
    if (isMasterKey(key)) throw bad('"key" is the master key: choose another, or leave it out', "key");
    const row: KeyRow = {
      ...blank,
      ...readChanges(body, now),
      id: randomUUID(),
      token: tokenOf(key),
      key_name: shownName(key),
      created_at: now,
      updated_at: now,
    };
    const { tables, announce } = await open();
    await unique(insertKey(tables, row));
    await announce([row.token]);
    return { key, token_id: row.token, ...viewKey(row) };
  },
};

export const changeKey: BooksEndpoint = {
  path: "/key/update",
  method: "POST",
  summary: "Change what a virtual key may",
  async answer(question) {
    const key = nameOf(question);
    const row = await change(question, key, readChanges(question.body, Date.now()));
    return { key, ...viewKey(row) };
  },
};

/** The same key under another secret: what it may and has spent goes on. The one before works no more. */
export const regenerateKey: BooksEndpoint = {
  path: "/key/regenerate",
  method: "POST",
  summary: "Give a virtual key a new secret",
  async answer(question) {
    const named = nameOf(question);
    const key = generatePlainKey();
    const changes = readChanges(question.body, Date.now());
    const row = await change(question, named, { ...changes, token: tokenOf(key), key_name: shownName(key) });
    return { key, token_id: row.token, ...viewKey(row) };
  },
};

export function blockKey(blocked: boolean): BooksEndpoint {
  return {
    path: blocked ? "/key/block" : "/key/unblock",
    method: "POST",
    summary: blocked ? "Stop a virtual key" : "Let a stopped virtual key work again",
    answer: async (question) =>
      viewKey(await change(question, nameOf(question), { blocked: Number(blocked) })),
  };
}

export const removeKeys: BooksEndpoint = {
  path: "/key/delete",
  method: "POST",
  summary: "Delete virtual keys",
  async answer({ body, open }) {
    const keys = field(body, "keys", "a list of keys", asTexts);
    const aliases = field(body, "key_aliases", "a list of aliases", asTexts);
    const names = keys ?? aliases;
    if (!names?.length)
      throw bad('Name the keys to delete in "keys", or their aliases in "key_aliases"', "keys");
    const { tables, announce } = await open();
    const rows = keys?.length
      ? await deleteKeys(tables, "token", keys.map(tokenFrom))
      : await deleteKeys(tables, "key_alias", names);
    if (rows === undefined) throw notFound("At least one of these keys is not there; none was deleted");
    await announce(rows.map(({ token }) => token));
    return { deleted_keys: names };
  },
};

async function change({ open }: Question, key: string, changes: KeyChanges): Promise<KeyRow> {
  const before = tokenFrom(key);
  const { tables, announce } = await open();
  const row = await unique(updateKey(tables, before, { ...changes, updated_at: Date.now() }));
  if (row === undefined) throw notFound("There is no such key: GET /key/list shows those there are");
  await announce([...new Set([before, row.token])]);
  return row;
}

function nameOf({ named, body }: { readonly named: string | undefined; readonly body: Body }): string {
  const key = named ?? field(body, "key", "a key, or its hash", asText);
  if (!key) throw bad('"key" is missing: the key, or its hash', "key");
  return key;
}

export function notFound(message: string): Refused {
  return new Refused(refusal("key_not_found", message));
}

async function unique<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const message = "Another key has this key_alias, or is this key: choose another";
    throw new Refused(refusal("key_alias_taken", message, { param: "key_alias" }));
  }
}

function asKey(value: unknown): string | undefined {
  return typeof value === "string" && /^sk-[\x21-\x7e]+$/.test(value) ? value : undefined;
}

const blank = {
  key_alias: null,
  models: "[]",
  max_budget: null,
  budget_duration: null,
  budget_reset_at: null,
  expires: null,
  rpm_limit: null,
  tpm_limit: null,
  max_parallel_requests: null,
  metadata: "{}",
  user_id: null,
  team_id: null,
  blocked: 0,
  spend: 0,
};
