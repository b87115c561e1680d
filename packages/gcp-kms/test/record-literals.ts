// Writes test/python-literals.json anew: `node test/record-literals.ts`. Needs python3.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { literal, outline } from "./literals.ts";

const texts = [...new Set(fc.sample(literal, { numRuns: 600, seed: 5 }))].filter((text) =>
  outline.test(text),
);
const { stdout, stderr } = spawnSync("python3", [join(import.meta.dirname, "read-literals.py")], {
  input: JSON.stringify(texts),
  encoding: "utf8",
});
if (stderr) throw new Error(stderr);
const answers: (string | null)[] = JSON.parse(stdout);
const cases = texts.map((text, index) => JSON.stringify([text, answers[index]]));
writeFileSync(join(import.meta.dirname, "python-literals.json"), `[\n  ${cases.join(",\n  ")}\n]\n`);
