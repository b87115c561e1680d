import { expect, test } from "vitest";
import { createLog } from "../log.ts";
import { routeLog } from "./route-log.ts";

const from = {
  provider: "openai",
  model: "a",
  deployment: "openai/a",
  origin: "https://one.example",
  secret: "KEY",
};

test("each step is a line, said again after a minute with how often it was left unsaid", () => {
  const lines: string[] = [];
  let now = 0;
  const write = (text: string) => void lines.push(text);
  const hear = routeLog(createLog({ redact: String, out: write, error: write }), () => now);
  for (let call = 0; call < 3; call++) hear({ type: "retried", from, status: 503, waitMs: call });
  hear({ type: "cooled_down", from, status: 429, milliseconds: 4_200 });
  hear({ type: "fell_back", from: { ...from, provider: "", origin: "" }, status: 429, to: "b" });
  now = 60_000;
  hear({ type: "retried", from, status: 503, waitMs: 0 });
  expect(lines).toEqual([
    'Model "a" at https://one.example failed with 503: the call is tried again\n',
    'Model "a" at https://one.example failed with 429: this deployment is left alone for 5 s\n',
    'Model "a" has no deployment to ask: "b" is asked instead\n',
    'Model "a" at https://one.example failed with 503: the call is tried again (2 times more since it was last said)\n',
  ]);
});
