import type { ApiError } from "../server/answers.ts";
import type { DatabasePlace } from "./database/books-database.ts";
import type { VirtualKey } from "./keys/virtual-key.ts";
import type { OpenBooks } from "./open-books.ts";
import type { PricedModel } from "./prices/prices.ts";
import type { Usage } from "./prices/usage.ts";

/** Where the books are, and what else they need of the configuration. */
export interface BooksConfig {
  readonly place: DatabasePlace;
  /** Where limits are counted instead of the database. Read when the books are opened. */
  readonly redisUrl?: (() => Promise<string | undefined>) | undefined;
  readonly models: readonly PricedModel[];
}

/** How a request ended. Without usage it is estimated from what has passed. */
export interface Outcome {
  /** The model that answered, where it is not the one that was asked for: a fallback. */
  readonly model?: string | undefined;
  /** The model string of the deployment that answered, whose price counts. */
  readonly deployment?: string | undefined;
  readonly status: "success" | "cancelled" | "failure";
  readonly usage?: Usage | undefined;
}

/** A request that has been let in. */
export interface Admission {
  /** Counts it and frees its place. Only the first call does anything. */
  finish(outcome: Outcome): void;
}

/** Who may ask for what, and what it has cost: virtual keys, their limits and their spend. */
export interface Books {
  /** Whose key this is. At once for a key that is known. */
  identify(plainKey: string): VirtualKey | ApiError | Promise<VirtualKey | ApiError>;
  /** Whether a key may ask for this model now. At once for a key without limits on requests or tokens. */
  admit(
    key: VirtualKey,
    model: string,
    operation: string,
  ): Admission | ApiError | Promise<Admission | ApiError>;
  /** For the endpoints about keys and spend. @throws whatever the database says when it is away */
  open(): Promise<OpenBooks>;
  /** Connects to a PostgreSQL now, so that what is wrong with it is told early. */
  warm(): void;
  /** Takes prices and the database's URL from another configuration. Between PostgreSQL and SQLite only a restart moves. */
  configure(config: BooksConfig): void;
  /** Writes what has been spent, for up to `milliseconds`, and closes the database. */
  close(milliseconds: number): Promise<void>;
}
