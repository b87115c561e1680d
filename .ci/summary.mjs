// Adds up the runner's own reports and closes with one line: "N passed, N failed".
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { reportFolders } from "./reports.mjs";

const total = { passed: 0, failed: 0, skipped: 0 };
for (const folder of reportFolders()) {
  const file = join(folder, "vitest.json");
  if (!existsSync(file)) continue;
  const report = JSON.parse(readFileSync(file, "utf8"));
  total.passed += report.numPassedTests;
  total.skipped += report.numPendingTests + report.numTodoTests;
  // A file that does not load has no tests of its own to fail.
  const broken = report.testResults.filter(
    (result) => result.status === "failed" && result.assertionResults.length === 0,
  );
  total.failed += report.numFailedTests + broken.length;
}
console.log(
  `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`,
);
if (total.failed > 0 || total.passed === 0) process.exitCode = 1;
