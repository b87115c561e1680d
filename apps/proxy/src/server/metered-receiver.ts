import type { DeploymentIdentity, FlatHeaders, LlmError, Receiver } from "@keyward/llm";
import type { Admission, Outcome } from "../books/books.ts";
import type { Usage } from "../books/prices/usage.ts";
import { HiddenUsage } from "../books/spend/hidden-usage.ts";
import { UsageScan } from "../books/spend/usage-scan.ts";

export interface MeterOptions {
  /** Whether the event with the usage of a stream is kept from the client. */
  readonly hide: boolean;
  /** The size of the request, from which its tokens are estimated when nobody counts them. */
  readonly promptBytes: number;
  /** Whether an answer that has ended without its usage is estimated too, and not free. */
  readonly isText: boolean;
}

/** Counts what passes to a client: the upstream's own usage; an estimate where the answer ended before it came. */
export class MeteredReceiver implements Receiver {
  readonly #client: Receiver;
  readonly #admission: Admission;
  readonly #promptBytes: number;
  readonly #isText: boolean;
  readonly #scan = new UsageScan();
  #hidden: HiddenUsage | undefined;
  readonly #hide: boolean;
  #started = false;
  #refused = false;
  #events = 0;
  #bytes = 0;
  #from: DeploymentIdentity | undefined;

  constructor(client: Receiver, admission: Admission, { hide, promptBytes, isText }: MeterOptions) {
    this.#client = client;
    this.#admission = admission;
    this.#promptBytes = promptBytes;
    this.#isText = isText;
    this.#hide = hide;
  }

  start(status: number, headers: FlatHeaders, from: DeploymentIdentity): void {
    this.#started = true;
    this.#from = from;
    this.#refused = status >= 400;
    const length = headers.indexOf("content-length");
    if (this.#hide && !this.#refused) {
      this.#hidden = new HiddenUsage();
      // It will be less.
      if (length !== -1) headers = headers.toSpliced(length, 2);
    }
    this.#client.start(status, headers, from);
  }

  data(chunk: Buffer): boolean {
    if (this.#refused) return this.#client.data(chunk);
    this.#scan.see(chunk);
    this.#bytes += chunk.length;
    for (let at = chunk.indexOf("\n\n"); at !== -1; at = chunk.indexOf("\n\n", at + 2)) this.#events++;
    const passed = this.#hidden?.pass(chunk) ?? chunk;
    return passed.length === 0 || this.#client.data(passed);
  }

  end(): void {
    const rest = this.#hidden?.rest();
    if (rest !== undefined && rest.length > 0) this.#client.data(rest);
    if (this.#refused) this.#finish("failure", undefined);
    else this.#finish("success", this.#isText ? this.#usage() : this.#scan.usage);
    this.#client.end();
  }

  fail(error: LlmError): void {
    this.#finish("failure", this.#started && !this.#refused ? this.#usage() : undefined);
    this.#client.fail(error);
  }

  /** The client has gone, and the upstream with it. */
  cancelled(): void {
    this.#finish("cancelled", this.#refused ? undefined : this.#usage());
  }

  #finish(status: Outcome["status"], usage: Usage | undefined): void {
    const { model, deployment } = this.#from ?? {};
    this.#admission.finish({ status, usage, model, deployment });
  }

  #usage(): Usage {
    return (
      this.#scan.usage ?? {
        promptTokens: Math.ceil(this.#promptBytes / bytesPerToken),
        // Upstreams send about one token with each event.
        completionTokens: this.#events || Math.ceil(this.#bytes / bytesPerToken),
        cachedTokens: 0,
      }
    );
  }
}

/** What English text comes to. */
const bytesPerToken = 4;
