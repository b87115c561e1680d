import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const script = `
  import { createRequire } from "node:module";
  const { gcpKms } = await import(${JSON.stringify(join(import.meta.dirname, "index.ts"))});
  gcpKms({ keyName: "projects/p/locations/l/keyRings/r/cryptoKeys/k" });
  const loaded = Object.keys(createRequire(import.meta.url).cache).filter((path) => /google|grpc/.test(path));
  console.log(JSON.stringify({ loaded: loaded.length, active: process.getActiveResourcesInfo() }));
`;

test("importing the package and making a provider loads no SDK and starts nothing", () => {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    encoding: "utf8",
    env: { ...process.env, GOOGLE_APPLICATION_CREDENTIALS: "/nowhere.json" },
  });
  expect(stderr).toBe("");
  const { loaded, active } = JSON.parse(stdout);
  expect(loaded).toBe(0);
  expect(active.filter((resource: string) => !resource.startsWith("Pipe"))).toEqual([]);
});
