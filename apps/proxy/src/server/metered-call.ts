import { askForUsage, type Call, type Engine, type Exchange, type Receiver } from "@keyward/llm";
import type { Admission, Books } from "../books/books.ts";
import type { VirtualKey } from "../books/keys/virtual-key.ts";
import { databaseUnavailable, isRefusal } from "../books/refusals.ts";
import { type ApiError, apiError } from "./answers.ts";
import { MeteredReceiver } from "./metered-receiver.ts";

export interface Meter {
  readonly books: Books;
  /** Whose request it is. */
  readonly guest: VirtualKey;
  readonly engine: Engine;
  /** Told instead of the receiver when the key may not ask this now. */
  readonly refuse: (error: ApiError) => void;
}

/** Asks as {@link Engine.send} does, if the key may; and counts what comes of it. */
export function sendMetered(call: Call, client: Receiver, meter: Meter): Exchange {
  const metered = new MeteredCall(client, meter);
  const admission = meter.books.admit(meter.guest, call.head.model, call.operation);
  if (admission instanceof Promise) {
    admission
      .catch(() => databaseUnavailable)
      .then((decided) => metered.begin(call, decided))
      // A fault of this program, which must end neither the process nor the wait for an answer.
      .catch(() => meter.refuse(failed));
  } else metered.begin(call, admission);
  return metered;
}

class MeteredCall implements Exchange {
  readonly #client: Receiver;
  readonly #meter: Meter;
  #exchange: Exchange | undefined;
  #receiver: MeteredReceiver | undefined;
  #cancelled = false;

  constructor(client: Receiver, meter: Meter) {
    this.#client = client;
    this.#meter = meter;
  }

  begin(call: Call, admission: Admission | ApiError): void {
    if (isRefusal(admission)) {
      if (!this.#cancelled) this.#meter.refuse(admission);
      return;
    }
    if (this.#cancelled) {
      admission.finish({ status: "cancelled" });
      return;
    }
    try {
      this.#send(call, admission);
    } catch (error) {
      admission.finish({ status: "failure" });
      throw error;
    }
  }

  #send(call: Call, admission: Admission): void {
    // A form asks for no stream that any upstream knows, and has no place for more options.
    const streams = call.head.stream && call.head.format === "json" && asksForUsage.has(call.operation);
    const { head, asked } = streams ? askForUsage(call.head) : { head: call.head, asked: true };
    this.#receiver = new MeteredReceiver(this.#client, admission, {
      hide: !asked,
      promptBytes: call.head.bytes.length,
      isText: answersText.has(call.operation),
    });
    this.#exchange = this.#meter.engine.send(
      { ...call, head, headers: readable(call.headers) },
      this.#receiver,
    );
  }

  resume(): void {
    this.#exchange?.resume();
  }

  cancel(): void {
    this.#cancelled = true;
    this.#exchange?.cancel();
    this.#receiver?.cancelled();
  }
}

/** Those where an upstream counts a stream only when it is asked to. */
const asksForUsage = new Set(["/chat/completions", "/completions"]);

/** Those whose answers are tokens, which can be estimated when no upstream counts them. */
const answersText = new Set([...asksForUsage, "/responses", "/messages"]);

const failed = apiError("internal_error", "The proxy failed to ask the model: this is a fault of the proxy");

/** Usage is looked for in the bytes that pass, so that they must not be compressed. */
function readable(headers: Call["headers"]): Call["headers"] {
  const at = headers.indexOf("accept-encoding");
  return at === -1 ? headers : headers.toSpliced(at, 2);
}
