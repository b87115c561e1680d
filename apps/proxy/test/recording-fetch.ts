/** A `fetch` for an official client that keeps the bytes it sends and gets. */
export interface RecordingFetch {
  readonly fetch: typeof globalThis.fetch;
  /** The body of the last request. */
  sent(): Buffer;
  /** The whole body of the last answer, decoded if it was compressed. */
  received(): Promise<Buffer>;
}

export function recordingFetch(): RecordingFetch {
  let sent = Buffer.alloc(0);
  let received = Promise.resolve(sent);
  return {
    async fetch(input, init) {
      // Made once, so that a form has one boundary.
      const request = new Request(input, init);
      sent = Buffer.from(await request.clone().arrayBuffer());
      const response = await fetch(request);
      received = response
        .clone()
        .arrayBuffer()
        .then((bytes) => Buffer.from(bytes));
      // Whoever does not ask for it must not hear of its failure.
      received.catch(() => {});
      return response;
    },
    sent: () => sent,
    received: () => received,
  };
}

/** The bytes of a request with the alias replaced by the name that the upstream knows. */
export function renamed(bytes: Buffer, alias: string, model: string): Buffer {
  const at = bytes.indexOf(alias);
  if (at === -1) throw new Error(`${alias} is not in the request`);
  return Buffer.concat([
    bytes.subarray(0, at),
    Buffer.from(model),
    bytes.subarray(at + Buffer.byteLength(alias)),
  ]);
}
