import type { Log } from "../log.ts";
import { unauthorized } from "../server/answers.ts";
import { admitRequest } from "./admission.ts";
import type { Books, BooksConfig } from "./books.ts";
import { BooksDatabase, type DatabasePlace } from "./database/books-database.ts";
import { describeFailure } from "./database/failure.ts";
import { staying } from "./database/staying.ts";
import { readKeyRow } from "./keys/key-store.ts";
import { KnownKeys } from "./keys/known-keys.ts";
import { tokenOf } from "./keys/plain-key.ts";
import { readKey, type VirtualKey } from "./keys/virtual-key.ts";
import { type OpenBooks, openBooks } from "./open-books.ts";
import { databaseUnavailable, refusal } from "./refusals.ts";
import { SpendQueue } from "./spend/spend-queue.ts";

/** Opens nothing: the first virtual key, or the first question about them, does. */
export function createBooks(config: BooksConfig, log: Log): Books {
  let current = config;
  const { place, settle } = following(
    config.place,
    () => current.place,
    () => log.warn(elsewhere),
  );
  const database = new BooksDatabase(place);
  let opening: Promise<OpenBooks> | undefined;
  let opened: OpenBooks | undefined;

  const known = new KnownKeys({
    told: () => opened?.told() ?? false,
    async read(token) {
      // A key nobody has made needs no database to be made for it.
      if (opening === undefined && (await database.openExisting()) === undefined) return undefined;
      const row = await readKeyRow((await open()).tables, token);
      return row && readKey(row);
    },
  });

  const queue = new SpendQueue({
    write: async (rows) => (await open()).write(rows),
    onTotals(totals) {
      for (const { token, spend } of totals) known.noteSpend(token, spend);
      // Others read it themselves at the latest when they ask for the key again.
      opened?.announceSpend(totals).catch(() => {});
    },
    onTrouble: (error) => log.warn(`Spend waits to be written: ${describeFailure(error)}`),
    onRecovery: () => log.info("Spend is written again"),
  });

  function open(): Promise<OpenBooks> {
    opening ??= openAll().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  }

  async function openAll(): Promise<OpenBooks> {
    const { redisUrl, models } = current;
    opened = await openBooks({
      database: await database.open(),
      url: place.kind === "postgres" ? place.url : undefined,
      redisUrl: await redisUrl?.().catch(() => {
        log.warn("REDIS_URL cannot be read from its store: limits are counted without Redis");
        return undefined;
      }),
      models,
      known,
      onRedisTrouble: () =>
        log.warn("Redis cannot be reached: each proxy counts limits for itself until it can"),
    });
    settle();
    reportUnpriced(opened, models);
    return opened;
  }

  function reportUnpriced({ price }: OpenBooks, models: BooksConfig["models"]): void {
    const unpriced = models
      .filter(({ name, model }) => price(name, model) === undefined)
      .map(({ name }) => name);
    if (unpriced.length === 0) return;
    const names = [...new Set(unpriced)].join(", ");
    log.warn(
      `No price is known for ${names}: set input_cost_per_token and output_cost_per_token in their model_info`,
    );
  }

  let reported = "";
  /** Once for each reason, until the database has answered. */
  function report(error: unknown): typeof databaseUnavailable {
    const reason = describeFailure(error);
    if (reason !== reported) log.warn(`Virtual keys cannot be looked up: ${reason}`);
    reported = reason;
    return databaseUnavailable;
  }

  return {
    open,
    warm() {
      if (place.kind === "postgres") open().catch(report);
    },
    configure(next) {
      if (next.place.kind !== place.kind) {
        log.warn(
          "Another kind of database is used after a restart: the books stay where they are until then",
        );
        current = { ...next, place: current.place };
      } else current = next;
      if (opened === undefined) return;
      opened.reprice(next.models);
      reportUnpriced(opened, next.models);
    },
    identify(plainKey) {
      const token = tokenOf(plainKey);
      try {
        const key = known.get(token);
        if (!(key instanceof Promise)) return check(key);
        return key.then((read) => {
          reported = "";
          return check(read);
        }, report);
      } catch (error) {
        return report(error);
      }
    },
    admit(key, model, operation) {
      if (opened === undefined) return databaseUnavailable;
      return admitRequest({ key, model, operation }, opened, queue);
    },
    async close(milliseconds) {
      const lost = await queue.close(milliseconds);
      if (lost > 0) log.warn(`The spend of ${lost} requests could not be written, and is lost`);
      // What could not be opened has been told of, and need not be closed.
      await (await opening?.catch(() => undefined))?.close();
      await database.close();
    },
  };
}

/** The URL of whatever configuration is served when it is asked for, as long as it leads to the same database. */
function following(place: DatabasePlace, current: () => DatabasePlace, onElsewhere: () => void) {
  if (place.kind === "sqlite") return { place, settle() {} };
  const { url, settle } = staying(async () => {
    const now = current();
    return now.kind === "postgres" ? now.url() : place.url();
  }, onElsewhere);
  return { place: { kind: "postgres", url } satisfies DatabasePlace, settle };
}

const elsewhere =
  "database_url leads to another database, which is used after a restart: the books stay where they are until then";

function check(key: VirtualKey | undefined) {
  if (key === undefined) return unauthorized;
  if (key.blocked) return blocked;
  if (key.expires !== undefined && key.expires <= Date.now()) return expired;
  return key;
}

const blocked = refusal("key_blocked", "This key has been blocked: ask whoever gave it to you");
const expired = refusal("key_expired", "This key has expired: ask whoever gave it to you for a new one");
