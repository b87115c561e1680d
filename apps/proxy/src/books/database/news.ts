import { setTimeout } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import { Client } from "pg";
import type { NanoDollars } from "../prices/money.ts";
import { connectionOptions, type DatabaseUrl } from "./rotating-pool.ts";
import type { Tables } from "./schema.ts";

export interface NewsReader {
  /** These keys have been made, changed or deleted, by this proxy or another. */
  changed(tokens: readonly string[]): void;
  /** What these keys have spent by now. */
  spent(totals: readonly (readonly [token: string, spend: NanoDollars])[]): void;
  /** What happened before may have gone unheard. */
  missed(): void;
}

const channel = "keyward_books";
/** PostgreSQL takes less than 8000 bytes at a time; a key and its total need less than 100. */
const mostAtOnce = 60;
const heartbeat = 10_000;
const longestPause = 5000;

/** Word between the proxies of one database, over PostgreSQL's LISTEN and NOTIFY. */
export class News {
  readonly #url: DatabaseUrl;
  readonly #reader: NewsReader;
  readonly #ending = new AbortController();
  readonly #running: Promise<void>;
  #client: Client | undefined;
  #listening = false;

  constructor(url: DatabaseUrl, reader: NewsReader) {
    this.#url = url;
    this.#reader = reader;
    this.#running = this.#run();
  }

  /** Whether word of a change would arrive. */
  get listening(): boolean {
    return this.#listening;
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let pause = 100; !this.#ending.signal.aborted; pause = Math.min(pause * 2, longestPause)) {
      try {
        await this.#listen(() => {
          pause = 100;
        });
      } catch {
        // The database is away, which others that ask it report; here it is asked again until it is back.
      }
      this.#listening = false;
      await this.#client?.end().catch(() => {
        // It was broken already.
      });
      await setTimeout(pause, undefined, { signal: this.#ending.signal }).catch(() => {
        // Ended in the meantime.
      });
    }
  }

  /** Resolves or rejects when it no longer listens. */
  async #listen(onConnected: () => void): Promise<void> {
    const client = new Client(connectionOptions(await this.#url()));
    this.#client = client;
    const { promise: over, resolve } = Promise.withResolvers<void>();
    client.on("error", () => resolve());
    client.on("end", () => resolve());
    client.on("notification", ({ payload = "" }) => this.#hear(payload));
    await client.connect();
    await client.query(`listen ${channel}`);
    onConnected();
    this.#reader.missed();
    this.#listening = true;
    const beat = setInterval(() => void client.query("select 1").catch(() => resolve()), heartbeat);
    this.#ending.signal.addEventListener("abort", () => resolve(), { once: true });
    if (this.#ending.signal.aborted) resolve();
    await over;
    clearInterval(beat);
  }

  #hear(payload: string): void {
    const news: unknown = JSON.parse(payload);
    if (typeof news !== "object" || news === null) return;
    if ("changed" in news && Array.isArray(news.changed)) this.#reader.changed(news.changed);
    if ("spent" in news && Array.isArray(news.spent)) this.#reader.spent(news.spent);
  }
}

/** Tells every proxy, this one as well. */
export async function tell(
  tables: Kysely<Tables>,
  kind: "changed" | "spent",
  items: readonly unknown[],
): Promise<void> {
  for (let at = 0; at < items.length; at += mostAtOnce) {
    const payload = JSON.stringify({ [kind]: items.slice(at, at + mostAtOnce) });
    await sql`select pg_notify(${channel}, ${payload})`.execute(tables);
  }
}
