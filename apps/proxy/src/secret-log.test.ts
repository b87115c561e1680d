import { expect, test } from "vitest";
import { secretLog } from "./secret-log.ts";

test("a line that has been said is not said again for a minute, and then with how often it was left out", () => {
  const lines: string[] = [];
  let time = 0;
  const write = (line: string) => void lines.push(line);
  const hear = secretLog({ info: write, warn: write }, () => time);
  const stale = { type: "stale", provider: "vault", key: "A", ageMs: 1 } as const;
  hear(stale);
  hear({ ...stale, ageMs: 2 });
  hear({ type: "failed", provider: "vault", key: "A", durationMs: 1, code: "unavailable", reason: "down" });
  time = 59_999;
  hear(stale);
  expect(lines).toEqual([
    "Secret A in vault cannot be read now: its last value stays in use",
    "Reading secret A in vault failed: unavailable, down",
  ]);
  time = 60_000;
  hear(stale);
  expect(lines.at(-1)).toBe(`${lines[0]} (2 times more since it was last said)`);
});

test("every change is a line", () => {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const hear = secretLog({ info: write, warn: write });
  hear({ type: "rotated", provider: "vault", key: "A", version: "2" });
  hear({ type: "rotated", provider: "vault", key: "A" });
  hear({ type: "hit", provider: "vault", key: "A" });
  expect(lines).toEqual(["Secret A in vault has changed, version 2", "Secret A in vault has changed"]);
});
