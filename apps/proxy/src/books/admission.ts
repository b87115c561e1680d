import type { ApiError } from "../server/answers.ts";
import type { Admission, Outcome } from "./books.ts";
import { beginPeriod } from "./keys/key-store.ts";
import type { VirtualKey } from "./keys/virtual-key.ts";
import type { GiveBack } from "./limits/parallel.ts";
import type { OpenBooks } from "./open-books.ts";
import { refusal, retryAfter } from "./refusals.ts";
import { requestId } from "./request-id.ts";
import type { SpendQueue } from "./spend/spend-queue.ts";

export interface Request {
  readonly key: VirtualKey;
  readonly model: string;
  readonly operation: string;
}

/** Lets a request in, or says why not: model and budget from memory; limits from wherever they are counted. */
export function admitRequest(
  request: Request,
  open: OpenBooks,
  queue: SpendQueue,
): Admission | ApiError | Promise<Admission | ApiError> {
  const { key, model } = request;
  if (key.models !== undefined && !key.models.has(model)) {
    return refusal(
      "model_not_allowed",
      "This key may not ask for this model: GET /v1/models lists those it may",
      {
        param: "model",
      },
    );
  }
  const overBudget = checkBudget(key, open, queue);
  if (overBudget !== undefined) return overBudget;
  const { rpmLimit, tpmLimit, maxParallelRequests } = key;
  const limited = rpmLimit !== undefined || tpmLimit !== undefined || maxParallelRequests !== undefined;
  return limited ? admitLimited(request, open, queue) : admission(request, open, queue);
}

function checkBudget(key: VirtualKey, open: OpenBooks, queue: SpendQueue): ApiError | undefined {
  const { budgetPeriod, budgetResetAt } = key;
  const now = Date.now();
  if (budgetPeriod !== undefined && budgetResetAt !== undefined && budgetResetAt <= now) {
    const next = budgetResetAt + budgetPeriod * (Math.floor((now - budgetResetAt) / budgetPeriod) + 1);
    key.spend = 0;
    key.budgetResetAt = next;
    // When the database is away, the key is read again once it is back, and the period begun then.
    beginPeriod(open.tables, key.id, { before: budgetResetAt, next }).catch(() => {});
  }
  if (key.maxBudget === undefined || key.spend + queue.unwritten(key.id) < key.maxBudget) return undefined;
  const until = key.budgetResetAt;
  // The clients of OpenAI would try again what cannot work before somebody does something.
  const headers = { "x-should-retry": "false", ...(until === undefined ? {} : retryAfter(until - now)) };
  return refusal("budget_exceeded", "This key has spent its budget: ask whoever gave it to you to raise it", {
    headers,
  });
}

async function admitLimited(
  request: Request,
  open: OpenBooks,
  queue: SpendQueue,
): Promise<Admission | ApiError> {
  const { id, rpmLimit, tpmLimit, maxParallelRequests } = request.key;
  const { limits, parallel } = open;
  if (tpmLimit !== undefined) {
    const room = await limits.tokens(id, tpmLimit);
    if (!room.free) return tooMany("tokens a minute", tpmLimit, room.wait);
  }
  let giveBack: GiveBack | undefined;
  if (maxParallelRequests !== undefined) {
    giveBack = await parallel.take(id, maxParallelRequests);
    if (giveBack === undefined) return tooMany("requests at a time", maxParallelRequests, 1000);
  }
  if (rpmLimit !== undefined) {
    const room = await limits.request(id, rpmLimit).catch((error: unknown) => {
      giveBack?.();
      throw error;
    });
    if (!room.free) {
      giveBack?.();
      return tooMany("requests a minute", rpmLimit, room.wait);
    }
  }
  return admission(request, open, queue, giveBack);
}

function tooMany(what: string, limit: number, wait: number): ApiError {
  return refusal("rate_limit_exceeded", `This key may use ${limit} ${what}, and has: try again later`, {
    headers: retryAfter(wait),
  });
}

function admission(request: Request, open: OpenBooks, queue: SpendQueue, giveBack?: GiveBack): Admission {
  const { key, operation } = request;
  const startedAt = Date.now();
  let finished = false;
  return {
    finish({ status, usage, model = request.model, deployment }: Outcome) {
      if (finished) return;
      finished = true;
      giveBack?.();
      const { promptTokens = 0, completionTokens = 0 } = usage ?? {};
      const tokens = promptTokens + completionTokens;
      const endedAt = Date.now();
      queue.add({
        request_id: requestId(endedAt),
        key_id: key.id,
        token: key.token,
        call_type: operation,
        model,
        status,
        spend: usage === undefined ? 0 : (open.price(model, deployment)?.(usage) ?? 0),
        prompt_tokens: promptTokens,
        completion_tokens: completionTokens,
        total_tokens: tokens,
        requests: 1,
        started_at: startedAt,
        ended_at: endedAt,
      });
      if (key.tpmLimit === undefined || tokens === 0) return;
      // Where it cannot be counted with the others', this proxy's own count has it.
      open.limits.addTokens(key.id, key.tpmLimit, tokens).catch(() => {});
    },
  };
}
