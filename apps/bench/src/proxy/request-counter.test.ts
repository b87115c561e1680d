import { expect, test } from "vitest";
import { RequestCounter } from "./request-counter.ts";

const one = Buffer.from("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello");

test("several requests in one chunk are counted each", () => {
  expect(new RequestCounter().complete(Buffer.concat([one, one, one]))).toBe(3);
});

test("a request is counted once, wherever its bytes are cut", () => {
  const two = Buffer.concat([one, one]);
  for (let cut = 1; cut < two.length; cut += 1) {
    const requests = new RequestCounter();
    const first = requests.complete(two.subarray(0, cut));
    expect(first, `cut at ${cut}`).toBe(cut < one.length ? 0 : 1);
    expect(first + requests.complete(two.subarray(cut)), `cut at ${cut}`).toBe(2);
  }
});

test("a request without a body is complete with its head", () => {
  expect(new RequestCounter().complete(Buffer.from("GET / HTTP/1.1\r\n\r\n"))).toBe(1);
});
