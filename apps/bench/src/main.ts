import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Benchmark, Report } from "./benchmark.ts";
import { describeLoad, describeMachine } from "./machine.ts";
import { toMarkdown } from "./markdown.ts";
import { suites } from "./suites.ts";

const usage = `bench <suite> [benchmark...]

${Object.entries(suites)
  .map(([suite, benchmarks]) => `  ${suite}: ${Object.keys(benchmarks).join(", ")}`)
  .join("\n")}`;

const [suite = "", ...wanted] = process.argv.slice(2);
const benchmarks = Object.hasOwn(suites, suite) ? suites[suite] : undefined;
const missing = wanted.find((name) => benchmarks === undefined || !Object.hasOwn(benchmarks, name));
if (benchmarks === undefined || missing !== undefined) {
  console.error(missing === undefined ? usage : `There is no benchmark "${missing}".\n\n${usage}`);
  process.exit(2);
}

console.log(`${describeMachine()}. Load average at the start (1, 5, 15 minutes): ${describeLoad()}.`);
console.log("Median of all rounds, in brackets the least and the greatest.\n");
for (const [name, benchmark] of Object.entries(benchmarks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  if (benchmark.missing !== undefined) console.log(`${name}: ${benchmark.missing}\n`);
  else console.log(toMarkdown(await inProcessOfItsOwn(suite, name, benchmark)));
}
console.log(`Load average at the end: ${describeLoad()}.`);

function inProcessOfItsOwn(suite: string, name: string, { nodeFlags = [] }: Benchmark): Promise<Report> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL("./child.ts", import.meta.url)), [suite, name], {
      execArgv: [...nodeFlags],
    });
    let report: Report | undefined;
    child.once("message", (message: Report) => {
      report = message;
    });
    child.once("error", reject);
    child.once("exit", (code) => {
      if (report !== undefined && code === 0) resolve(report);
      else reject(new Error(`The benchmark "${name}" ended with code ${code}; its error is above.`));
    });
  });
}
