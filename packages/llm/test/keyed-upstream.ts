import { upstreamServer } from "./upstream-server.ts";

export interface KeyedUpstream extends AsyncDisposable {
  readonly url: string;
  /** The one key that is accepted. */
  key: string;
  /** How many requests came with another. */
  refusals: number;
}

/** An upstream that refuses every key but one, and says with which it was asked, as careless ones do. */
export async function keyedUpstream(key: string, status = 401): Promise<KeyedUpstream> {
  const server = await upstreamServer((request, response) => {
    const { authorization } = request.headers;
    request.resume().on("end", () => {
      const accepted = authorization === `Bearer ${upstream.key}`;
      if (!accepted) upstream.refusals++;
      const message = `invalid key in ${JSON.stringify(request.headers)}`;
      response.writeHead(accepted ? 200 : status, { "content-type": "application/json" });
      response.end(JSON.stringify(accepted ? { ok: true } : { error: { message } }));
    });
  });
  const upstream: KeyedUpstream = {
    url: server.url,
    key,
    refusals: 0,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  return upstream;
}
