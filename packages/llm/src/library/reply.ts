import { LlmError } from "../errors.ts";
import { readRetryAfter } from "../fault.ts";
import type { FlatHeaders } from "../headers.ts";
import type { DeploymentIdentity, Exchange, Receiver } from "../transport.ts";

/** So many bytes wait for a reader before the upstream is asked to wait. */
const highWater = 64 * 1024;

/** An answer that is read when its reader likes: the upstream waits for those who are slow. */
export class Reply implements Receiver {
  /** Resolves as soon as an answer begins. */
  readonly started: Promise<void>;
  from: DeploymentIdentity | undefined;
  #status = 0;
  #headers: FlatHeaders = [];
  #chunks: Buffer[] = [];
  #size = 0;
  #ended = false;
  #error: LlmError | undefined;
  #exchange: Exchange | undefined;
  #begin: PromiseWithResolvers<void> = Promise.withResolvers<void>();
  #wake: (() => void) | undefined;
  #forget: (() => void) | undefined;

  constructor() {
    this.started = this.#begin.promise;
  }

  /** @throws LlmError `aborted` */
  attach(exchange: Exchange, signal: AbortSignal | undefined, model: string): void {
    this.#exchange = exchange;
    if (signal === undefined) return;
    const abort = (): void => {
      exchange.cancel();
      const message = `The call of model "${model}" was ended by its AbortSignal`;
      this.fail(new LlmError({ code: "aborted", message, model, ...this.from }));
    };
    signal.addEventListener("abort", abort, { once: true });
    this.#forget = () => signal.removeEventListener("abort", abort);
    if (signal.aborted) abort();
  }

  get refused(): boolean {
    return this.#status >= 400;
  }

  start(status: number, headers: FlatHeaders, from: DeploymentIdentity): void {
    this.#status = status;
    this.#headers = headers;
    this.from = from;
    this.#begin.resolve();
  }

  data(chunk: Buffer): boolean {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    this.#wakeUp();
    return this.#size < highWater;
  }

  end(): void {
    this.#ended = true;
    this.#forget?.();
    this.#wakeUp();
  }

  fail(error: LlmError): void {
    if (this.#ended) return;
    this.#error = error;
    this.#begin.reject(error);
    this.end();
  }

  /** Ends the upstream's work, if it has not ended. What has come already can no longer be read. */
  cancel(): void {
    this.#exchange?.cancel();
    this.#chunks = [];
    this.end();
  }

  /**
   * The next bytes, or `undefined` at the end.
   * @throws LlmError when the answer broke off
   */
  async next(): Promise<Buffer | undefined> {
    while (this.#chunks.length === 0) {
      if (this.#error !== undefined) throw this.#error;
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const chunks = this.#chunks;
    const full = this.#size >= highWater;
    this.#chunks = [];
    this.#size = 0;
    if (full) this.#exchange?.resume();
    return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
  }

  /** All of it. @throws as `next` */
  async text(): Promise<string> {
    const chunks: Buffer[] = [];
    for (let chunk = await this.next(); chunk !== undefined; chunk = await this.next()) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }

  /** The answer is not what was asked for: an error with whom it is from. */
  error(code: "upstream_refused" | "upstream_invalid" | "upstream_interrupted", text: string): LlmError {
    const { provider = "", model = "", origin = "", secret } = this.from ?? {};
    const { message, code: upstreamCode } = readError(text);
    if (upstreamCode === "upstream_invalid" || upstreamCode === "upstream_refused") {
      // The engine has put what was no JSON into words already.
      return new LlmError({ code: upstreamCode, message, status: this.#status, provider, model, secret });
    }
    const status = code === "upstream_refused" ? this.#status : undefined;
    const verb = {
      upstream_refused: "refused",
      upstream_invalid: "gave no JSON",
      upstream_interrupted: "failed",
    };
    const says = code === "upstream_refused" ? ` with status ${this.#status}` : "";
    return new LlmError({
      code,
      status,
      provider,
      model,
      secret,
      upstreamCode,
      retryAfterMs: readRetryAfter(this.#headers),
      message: `The upstream of model "${model}" (${provider}, ${origin}) ${verb[code]}${says}: ${message}`,
    });
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

/** What an error body says, in OpenAI's, Anthropic's, Google's or no known shape. */
function readError(text: string): { message: string; code: string | undefined } {
  try {
    const body: unknown = JSON.parse(text);
    // Google answers with a list of one.
    const error = field(Array.isArray(body) ? body[0] : body, "error") ?? body;
    const message = typeof error === "string" ? error : field(error, "message");
    const code = field(error, "code") ?? field(error, "type");
    return {
      message: typeof message === "string" ? message : text.slice(0, 500),
      code: typeof code === "string" ? code : undefined,
    };
  } catch {
    // No JSON: its first words will do.
    return { message: text.slice(0, 500), code: undefined };
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
