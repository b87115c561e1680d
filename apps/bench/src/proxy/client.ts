import { connect, type Socket } from "node:net";
import { contentLength } from "./request-counter.ts";

/** The key that the proxy wants. */
export const masterKey = "sk-bench-master-key-0123456789abcdef";

/** A request as OpenAI's client for Node sends it. */
export function requestBytes(body: string): Buffer {
  return Buffer.from(
    "POST /v1/chat/completions HTTP/1.1\r\n" +
      "host: 127.0.0.1\r\nconnection: keep-alive\r\naccept: application/json\r\ncontent-type: application/json\r\n" +
      "user-agent: OpenAI/JS 6.0.0\r\nx-stainless-retry-count: 0\r\nx-stainless-lang: js\r\n" +
      "x-stainless-package-version: 6.0.0\r\nx-stainless-os: Linux\r\nx-stainless-arch: x64\r\n" +
      "x-stainless-runtime: node\r\nx-stainless-runtime-version: v24.0.0\r\naccept-language: *\r\n" +
      "sec-fetch-mode: cors\r\naccept-encoding: gzip, deflate\r\n" +
      `authorization: Bearer ${masterKey}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

const endOfChunks = Buffer.from("\r\n0\r\n\r\n");

/** One connection that asks the same thing again and again, and understands as little of HTTP as that needs. */
export class Client {
  readonly #socket: Socket;
  readonly #request: Buffer;
  readonly #answered: () => void;
  readonly firstBytes: number[] = [];
  pieces = 0;
  answers = 0;
  #askedAt = 0;
  /** Bytes of the body still to come; `undefined` before the head, endless while chunks come. */
  #missing: number | undefined;
  #tail: Buffer = Buffer.alloc(0);

  constructor(
    port: number,
    request: Buffer,
    answered: (client: Client) => void,
    failed: (error: Error) => void,
  ) {
    this.#request = request;
    this.#answered = () => answered(this);
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.#socket.on("data", (chunk) => {
      try {
        this.#read(chunk);
      } catch (error) {
        failed(error instanceof Error ? error : new Error("unreadable"));
      }
    });
    this.#socket.on("error", failed);
    this.#socket.on("end", () => failed(new Error("The server closed the connection.")));
  }

  ask(): void {
    this.#missing = undefined;
    this.#askedAt = performance.now();
    this.#socket.write(this.#request);
  }

  end(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.pieces += 1;
    let rest = chunk;
    if (this.#missing === undefined) {
      this.firstBytes.push(performance.now() - this.#askedAt);
      const end = chunk.indexOf("\r\n\r\n");
      const head = chunk.toString("latin1", 0, end === -1 ? chunk.length : end);
      if (end === -1 || !head.startsWith("HTTP/1.1 200"))
        throw new Error(`This is no answer: ${head.slice(0, 200)}`);
      this.#missing = /\r\ntransfer-encoding: chunked/i.test(head)
        ? Number.POSITIVE_INFINITY
        : contentLength(head);
      rest = chunk.subarray(end + 4);
      this.#tail = Buffer.alloc(0);
    }
    if (this.#missing === Number.POSITIVE_INFINITY) {
      this.#tail = rest.length >= endOfChunks.length ? rest : Buffer.concat([this.#tail, rest]);
      if (this.#tail.subarray(-endOfChunks.length).equals(endOfChunks)) this.#finish();
    } else {
      this.#missing -= rest.length;
      if (this.#missing === 0) this.#finish();
    }
  }

  #finish(): void {
    this.answers += 1;
    this.#answered();
  }
}
