import type { LlmError } from "./errors.ts";
import type { FlatHeaders } from "./headers.ts";
import type { Refusal } from "./refusal.ts";
import type { DeploymentIdentity, Receiver } from "./transport.ts";

/** Why a deployment has no answer, before a byte of one has reached the caller. */
export interface Fault {
  readonly from: DeploymentIdentity;
  /** The HTTP status that the caller would see. */
  readonly status: number;
  /** Absent when the upstream itself says what is wrong. */
  readonly error?: LlmError;
  /** What the upstream says, without keys. */
  readonly text: string;
  /** How long it asks to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Tells the caller. */
  tell(receiver: Receiver): void;
}

/** A fault that has an error of ours: nobody answered. */
export function failed(error: LlmError, from: DeploymentIdentity): Fault {
  const { status, retryAfterMs } = error;
  return { from, status, error, text: "", retryAfterMs, tell: (receiver) => receiver.fail(error) };
}

/** A fault that is an upstream's own answer. */
export function refused(refusal: Refusal, from: DeploymentIdentity): Fault {
  const { status, headers, body } = refusal;
  return {
    from,
    status,
    text: body.toString(),
    retryAfterMs: readRetryAfter(headers),
    tell(receiver) {
      receiver.start(status, headers, from);
      receiver.data(body);
      receiver.end();
    },
  };
}

/** `retry-after-ms`, else `retry-after` in seconds or as a date; in milliseconds. */
export function readRetryAfter(headers: FlatHeaders, now = Date.now()): number | undefined {
  const milliseconds = Number.parseFloat(header(headers, "retry-after-ms"));
  if (milliseconds >= 0) return milliseconds;
  const text = header(headers, "retry-after").trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function header(headers: FlatHeaders, name: string): string {
  const at = headers.indexOf(name);
  return at === -1 ? "" : (headers[at + 1] ?? "");
}

/** What a fault is about, as LiteLLM's fallbacks tell them apart. */
export type FaultKind = "context_window" | "content_policy" | "other";

// As OpenAI, Azure, Anthropic, Gemini, Mistral, Cohere, Bedrock, vLLM and OpenRouter word it.
const contextWindow =
  /context_length_exceeded|context[ _-]?(length|window)|maximum context|max(imum)? (input )?tokens? (limit|allowed)|prompt is too long|input is too long|too many (input )?tokens|exceeds? the (maximum|max|available) (number of |input )?(tokens?|token count|context)|input token count|reduce the length/i;
const contentPolicy =
  /content_policy_violation|content[ _-]?(policy|filter)|content management policy|responsible ?ai ?policy|safety system|moderation_blocked|flagged (as|by|for)/i;

/** Both come as a 400 (a 413 or 422 at some), told apart by their words alone. */
export function kindOf({ status, text }: Fault): FaultKind {
  if (status !== 400 && status !== 413 && status !== 422) return "other";
  if (contextWindow.test(text)) return "context_window";
  return contentPolicy.test(text) ? "content_policy" : "other";
}
