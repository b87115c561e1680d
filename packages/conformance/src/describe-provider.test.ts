import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { providerPromises } from "./index.ts";

interface Report {
  readonly testResults: readonly { readonly assertionResults: readonly TestResult[] }[];
}

interface TestResult {
  readonly title: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

const fixture = fileURLToPath(new URL("../test/fixture", import.meta.url));
const vitest = fileURLToPath(new URL("vitest.mjs", import.meta.resolve("vitest/package.json")));

/** A test run of its own, as an author of a provider starts it. */
async function runFixture(): Promise<{ readonly exitCode: unknown; readonly report: Report }> {
  const folder = await mkdtemp(join(tmpdir(), "conformance-"));
  const file = join(folder, "report.json");
  const args = [vitest, "run", "--root", fixture, "--reporter", "json", "--outputFile", file];
  try {
    const exitCode = await new Promise((resolve) => {
      execFile(process.execPath, args, (error) => resolve(error?.code ?? 0));
    });
    return { exitCode, report: JSON.parse(await readFile(file, "utf8")) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("describeProvider, in a test run with a provider that takes a refusal for an absence", () => {
  let exitCode: unknown;
  let tests: readonly TestResult[];

  beforeAll(async () => {
    const run = await runFixture();
    exitCode = run.exitCode;
    tests = run.report.testResults.flatMap(({ assertionResults }) => assertionResults);
  });

  test("registers one test for each promise", () => {
    expect(tests.map(({ title }) => title.split(":")[0])).toEqual(providerPromises.map(({ id }) => id));
  });

  test("fails that one, and says what to do", () => {
    const failed = tests.filter(({ status }) => status === "failed");
    expect(exitCode).toBe(1);
    expect(failed.map(({ title }) => title.split(":")[0])).toEqual(["denial-is-thrown"]);
    expect(failed[0]?.failureMessages[0]).toContain("What to do: Let the SDK's error through");
  });

  test("says in the title why a test was skipped", () => {
    const pinned = tests.find(({ title }) => title.startsWith("versions-are-pinned"));
    expect(pinned?.status).toBe("skipped");
    expect(pinned?.title).toContain("(skipped: this store keeps one value for each name)");
  });

  test("skips what the provider has no member for", () => {
    const listing = tests.find(({ title }) => title.startsWith("listing-agrees"));
    expect(listing?.status).toBe("skipped");
  });
});
