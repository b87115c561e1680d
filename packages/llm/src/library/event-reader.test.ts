import fc from "fast-check";
import { expect, test } from "vitest";
import { EventReader } from "./event-reader.ts";

function read(bytes: Buffer, cuts: readonly number[]): string[] {
  const reader = new EventReader();
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let from = 0;
  return places.flatMap((to) => {
    const events = reader.push(bytes.subarray(from, to));
    from = to;
    return events;
  });
}

test("reads events in every form that the standard allows", () => {
  const text =
    ': hello\n\nevent: a\nid: 1\ndata: {"x":\ndata: 1}\n\ndata:tight\r\n\r\ndata: [DONE]\n\ndata: no end';
  expect(read(Buffer.from(text), [])).toEqual(['{"x":\n1}', "tight", "[DONE]"]);
});

test("reads the same wherever the bytes are cut", () => {
  const line = fc.string({ unit: "grapheme" }).map((text) => text.replace(/[\r\n]/g, "") || "x");
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat()), fc.constantFrom("\n", "\r\n"), (events, cuts, end) => {
      const bytes = Buffer.from(events.map((event) => `data: ${event}${end}${end}`).join(""));
      expect(read(bytes, cuts)).toEqual(events);
    }),
  );
});
