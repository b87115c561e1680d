import { sql } from "kysely";
import { Pool } from "undici";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { keyward } from "../../test/command.ts";
import { type CountingUpstream, countingUpstream } from "../../test/counting-upstream.ts";
import { type Databases, databaseKinds, databases } from "../../test/database-places.ts";
import { files, masterKey } from "../../test/running-proxy.ts";
import { BooksDatabase, type DatabasePlace } from "../books/database/books-database.ts";

let all: Databases;
let upstream: CountingUpstream;
beforeAll(async () => {
  [all, upstream] = await Promise.all([databases(), countingUpstream()]);
});
afterAll(async () => {
  await all[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

interface ProxyProcess extends AsyncDisposable {
  readonly key: string;
  ask(index: number): Promise<number>;
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

/** The command itself, with a virtual key. */
async function startProxy(place: DatabasePlace): Promise<ProxyProcess> {
  const database =
    place.kind === "postgres" ? `database_url: "${await place.url()}"` : `data_folder: ${folderOf(place)}`;
  const folder = await files({
    "config.yaml": `
model_list:
  - model_name: alias
    litellm_params: { model: openai/gpt-4o, api_base: "${upstream.url}", api_key: sk-upstream }
    model_info: { input_cost_per_token: 0.001, output_cost_per_token: 0.01 }
general_settings:
  master_key: ${masterKey}
  ${database}
`,
  });
  const command = keyward(["--config", "config.yaml", "--port", "0", "--host", "127.0.0.1"], {
    cwd: folder.folder,
  });
  const url = (await command.until(/http:\/\/\S+/)).trim();
  const pool = new Pool(url, { connections: 64 });
  const post = async (path: string, key: string, body: object) => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const response = await pool.request({ method: "POST", path, headers, body: JSON.stringify(body) });
    return { status: response.statusCode, text: await response.body.text() };
  };
  const generated = await post("/key/generate", masterKey, {});
  expect(generated.status, command.output.error).toBe(200);
  const { key } = JSON.parse(generated.text);
  return {
    key,
    async ask(index) {
      const messages = [{ role: "user", content: "Hi" }];
      return (await post("/v1/chat/completions", key, { model: "alias", messages, stream: index % 2 === 1 }))
        .status;
    },
    async kill(signal) {
      command.kill(signal);
      return command.ended;
    },
    async [Symbol.asyncDispose]() {
      await pool.destroy();
      await command[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function folderOf(place: DatabasePlace): string {
  return place.kind === "sqlite" ? place.file.replace(/\/books\.db$/, "") : "";
}

async function counted(place: DatabasePlace) {
  const database = new BooksDatabase(place);
  try {
    const { tables } = await database.open();
    const { rows } = await sql<
      Record<"requests" | "prompt" | "completion" | "spend" | "total" | "models", number>
    >`
      select count(*) as requests, sum(prompt_tokens) as prompt, sum(completion_tokens) as completion,
        sum(spend) as spend, (select sum(spend) from keyward_keys) as total,
        (select sum(spend) from keyward_model_spend) as models from keyward_spend_logs`.execute(tables);
    return rows[0] ?? { requests: 0, prompt: 0, completion: 0, spend: 0, total: 0, models: 0 };
  } finally {
    await database.close();
  }
}

function since<T extends Record<string, number>>(before: T): T {
  const now: Record<string, number> = upstream.served;
  return Object.fromEntries(
    Object.entries(before).map(([name, value]) => [name, (now[name] ?? 0) - value]),
  ) as T;
}

/** `count` of them, 50 at a time; what they were answered. */
async function askMany(proxy: ProxyProcess, from: number, count: number): Promise<Set<number>> {
  const statuses = new Set<number>();
  let next = from;
  const worker = async () => {
    while (next < from + count) statuses.add(await proxy.ask(next++));
  };
  await Promise.all(Array.from({ length: 50 }, worker));
  return statuses;
}

test("10,000 requests, PostgreSQL gone in the middle, SIGTERM at the end: the books say what the upstream served", async () => {
  const place = await all.place("postgres");
  await using proxy = await startProxy(place);
  const before = { ...upstream.served };
  expect(await askMany(proxy, 0, 3000)).toEqual(new Set([200]));
  const [during] = await Promise.all([askMany(proxy, 3000, 4000), all.server.stop()]);
  expect(during).toEqual(new Set([200]));
  expect(await askMany(proxy, 7000, 500)).toEqual(new Set([200]));
  const [after] = await Promise.all([askMany(proxy, 7500, 2500), all.server.start()]);
  expect(after).toEqual(new Set([200]));
  expect(await proxy.kill("SIGTERM")).toBe(0);
  const served = since(before);
  expect(served.requests).toBe(10_000);
  const spend = served.prompt * 1e6 + served.completion * 1e7;
  expect(await counted(place)).toEqual({ ...served, spend, total: spend, models: spend });
}, 120_000);

describe.each(databaseKinds)("with %s", (kind) => {
  test("SIGTERM in the middle of requests loses none of them", async () => {
    const place = await all.place(kind);
    await using proxy = await startProxy(place);
    const before = { ...upstream.served };
    const asking = Promise.allSettled(Array.from({ length: 300 }, (_, index) => proxy.ask(index)));
    await vi.waitFor(() => expect(since(before).requests).toBeGreaterThan(20));
    expect(await proxy.kill("SIGTERM")).toBe(0);
    await asking;
    const { requests, prompt, completion } = await counted(place);
    expect({ requests, prompt, completion }).toEqual(since(before));
  });

  test("kill -9 loses at most what ended in the last second, and counts nothing twice", async () => {
    const place = await all.place(kind);
    await using proxy = await startProxy(place);
    const ended: number[] = [];
    const begin = Date.now();
    while (Date.now() - begin < 2000) {
      expect(await proxy.ask(ended.length)).toBe(200);
      ended.push(Date.now());
    }
    const killed = Date.now();
    await proxy.kill("SIGKILL");
    const { requests } = await counted(place);
    expect(requests).toBeGreaterThanOrEqual(ended.filter((time) => time < killed - 1000).length);
    expect(requests).toBeLessThanOrEqual(ended.length);
  });
});
