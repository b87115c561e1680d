const endOfHead = "\r\n\r\n";

/** Counts the HTTP requests in the bytes of a connection, each with a content-length and one after the other. */
export class RequestCounter {
  #head: Buffer | undefined;
  /** Of the body of the request that is coming in. */
  #missing = 0;

  /** How many requests became complete with this chunk. */
  complete(chunk: Buffer): number {
    let complete = 0;
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#missing === 0) {
        const bytes = this.#head === undefined ? rest : Buffer.concat([this.#head, rest]);
        const end = bytes.indexOf(endOfHead);
        if (end === -1) {
          this.#head = bytes;
          return complete;
        }
        this.#head = undefined;
        this.#missing = contentLength(bytes.toString("latin1", 0, end));
        rest = bytes.subarray(end + endOfHead.length);
      }
      const taken = Math.min(this.#missing, rest.length);
      this.#missing -= taken;
      rest = rest.subarray(taken);
      if (this.#missing === 0) complete += 1;
    }
    return complete;
  }
}

export function contentLength(head: string): number {
  return Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
}
