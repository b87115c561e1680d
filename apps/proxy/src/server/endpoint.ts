import type { IncomingMessage, ServerResponse } from "node:http";
import type { Operation } from "@keyward/llm";
import type { Books } from "../books/books.ts";
import type { VirtualKey } from "../books/keys/virtual-key.ts";
import type { Log } from "../log.ts";
import type { Metrics } from "./metrics/metrics.ts";
import type { Snapshot } from "./snapshot.ts";

export interface EndpointContext {
  readonly snapshot: Snapshot;
  readonly draining: boolean;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly books: Books;
  /** Whose request it is; absent for whoever has the master key. */
  readonly guest: VirtualKey | undefined;
}

/** One thing that is served: enough to serve it, and to tell of it in the documentation. */
export interface Endpoint {
  /** As it is documented; `{model}` stands for a part that varies. */
  readonly path: string;
  /** Other paths that are the same. */
  readonly aliases?: readonly string[];
  readonly method: "GET" | "POST";
  /** One line for the documentation. */
  readonly summary: string;
  /** Whether it answers without a key. */
  readonly open?: boolean;
  /** Whether virtual keys are let in, and not the master key alone. */
  readonly guests?: boolean;
  /** Whether people look at it with a browser, which asks them for the key. */
  readonly page?: boolean;
  /** What of a model it asks, if it does. */
  readonly operation?: Operation;
  /** @param parameter what the path has in the place of `{model}`, decoded */
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    context: EndpointContext,
    parameter?: string,
  ): void | Promise<void>;
}
