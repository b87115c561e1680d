import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A request as it came over the wire. */
export interface Recorded {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type Respond = (response: ServerResponse, request: Recorded) => void;

export interface RecordingUpstream extends AsyncDisposable {
  /** Without a path. */
  readonly origin: string;
  readonly requests: Recorded[];
  /** The last request. @throws when there was none */
  readonly last: Recorded;
  /** How many of its answers have neither ended nor been cut. */
  readonly open: number;
  /** Answers from here on. */
  respond: Respond;
}

/** An upstream that knows no API: it keeps what comes and answers the bytes it is told to. */
export async function recordingUpstream(): Promise<RecordingUpstream> {
  const requests: Recorded[] = [];
  let open = 0;
  const server = createServer(async (request, response) => {
    open++;
    response.on("close", () => open--);
    const { method = "", url = "", headers } = request;
    try {
      const recorded = { method, url, headers, body: await buffer(request) };
      requests.push(recorded);
      upstream.respond(response, recorded);
    } catch {
      // The proxy went away in the middle of its request: there is nobody to answer.
      response.destroy();
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const upstream: RecordingUpstream = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get last() {
      const last = requests.at(-1);
      if (last === undefined) throw new Error("no request has come");
      return last;
    },
    get open() {
      return open;
    },
    respond: answering("{}"),
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return upstream;
}

/** Answers these bytes, with status 200 and as JSON unless the headers say otherwise. */
export function answering(
  body: string | Buffer,
  headers: Record<string, string> = {},
  status = 200,
): Respond {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(body);
  };
}

/** Answers a stream of events, cut into pieces at places where no event ends. */
export function streaming(text: string, pieceLength = 37): Respond {
  const bytes = Buffer.from(text);
  return (response) => {
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += pieceLength) pieces.push(bytes.subarray(at, at + pieceLength));
    const more = (): void => {
      const piece = pieces.shift();
      if (piece === undefined) response.end();
      else response.write(piece, () => setImmediate(more));
    };
    more();
  };
}
