/** Reads server-sent events from chunks of bytes, wherever these are cut; hands out the data of each. */
export class EventReader {
  readonly #decoder = new TextDecoder();
  #line = "";
  #data: string[] = [];

  /** The data of the events that this chunk completes. */
  push(chunk: Buffer): string[] {
    const lines = (this.#line + this.#decoder.decode(chunk, { stream: true })).split("\n");
    this.#line = lines.pop() ?? "";
    const events: string[] = [];
    for (const line of lines) this.#read(line.endsWith("\r") ? line.slice(0, -1) : line, events);
    return events;
  }

  #read(line: string, events: string[]): void {
    if (line === "") {
      if (this.#data.length > 0) events.push(this.#data.join("\n"));
      this.#data = [];
    } else if (line.startsWith("data:")) {
      this.#data.push(line.slice(line[5] === " " ? 6 : 5));
    }
    // Comments keep connections open; an event's name stands in its data as well.
  }
}
