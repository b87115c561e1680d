import { rename } from "node:fs/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { addressOf, ask, type Command, keyward } from "./command.ts";
import { type FakeOpenAi, fakeOpenAi } from "./fake-openai.ts";
import { type Files, files } from "./running-proxy.ts";

let upstream: FakeOpenAi;
let folder: Files;

beforeEach(async () => {
  upstream = await fakeOpenAi(["canary-one", "canary-two"]);
  folder = await files({ "config.yaml": config("a"), ".env": "KEY=canary-one\nMASTER=sk-canary-master-1\n" });
});

afterEach(async () => {
  await upstream[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function config(name: string, key = "os.environ/KEY"): string {
  return `model_list:
  - model_name: ${name}
    litellm_params: { model: openai/a, api_base: "${upstream.url}", api_key: ${key} }
general_settings: { master_key: os.environ/MASTER }
`;
}

const start = () => keyward(["--config", "config.yaml", "--port", "0"], { cwd: folder.folder });
const quiet = ({ output }: Command) => expect(output.out + output.error).not.toContain("canary");

test("a changed file is in use without a restart, also when another is put in its place", async () => {
  await using command = start();
  const url = await addressOf(command);
  const send = (model: string) => ask(url, model, "sk-canary-master-1");
  expect(await send("a")).toBe(200);
  await folder.write("config.yaml", config("b"));
  await command.until(/^Reloaded \(config\.yaml has changed\): 1 models$/m);
  expect([await send("a"), await send("b")]).toEqual([404, 200]);
  await folder.write("new.yaml", config("c"));
  await rename(folder.path("new.yaml"), folder.path("config.yaml"));
  await vi.waitFor(async () => expect([await send("b"), await send("c")]).toEqual([404, 200]));
  quiet(command);
});

test("SIGHUP reads configuration and secrets anew", async () => {
  await using command = start();
  const url = await addressOf(command);
  await folder.write(".env", "KEY=canary-two\nMASTER=sk-canary-master-1\n");
  command.kill("SIGHUP");
  await command.until(/^Reloaded \(SIGHUP\)/m);
  expect(await ask(url, "a", "sk-canary-master-1")).toBe(200);
  expect(upstream.requests.at(-1)?.headers.authorization).toBe("Bearer canary-two");
  quiet(command);
});

test("a bad configuration is told with its places, and the one before goes on serving", async () => {
  await using command = start();
  const url = await addressOf(command);
  await folder.write("config.yaml", config("a", "os.environ/NOWHERE").replace("master_key", "master_keys"));
  await vi.waitFor(() => expect(command.output.error).toContain("goes on serving"));
  expect(command.output.error).toMatch(/^config\.yaml:3:\d+: error: "NOWHERE" was not found/m);
  expect(command.output.error).toMatch(/^config\.yaml:4:\d+: warning: unknown key "master_keys"/m);
  expect(command.output.error).toMatch(/^Not reloaded \(config\.yaml has changed\)/m);
  expect(await ask(url, "a", "sk-canary-master-1")).toBe(200);
  await folder.write("config.yaml", config("b"));
  await command.until(/^Reloaded/m);
  expect(await ask(url, "b", "sk-canary-master-1")).toBe(200);
  quiet(command);
});

test("a file that is empty for a moment, or gone, is not taken for a configuration", async () => {
  await using command = start();
  const url = await addressOf(command);
  await folder.write("config.yaml", "");
  command.kill("SIGHUP");
  await vi.waitFor(() => expect(command.output.error).toMatch(/There is no master_key in it/));
  expect(await ask(url, "a", "")).toBe(401);
  await folder.write("config.yaml", config("b"));
  await command.until(/^Reloaded/m);
  expect(await ask(url, "b", "sk-canary-master-1")).toBe(200);
});

test("a secret that was read once is followed too: a new master key takes the place of the old one", async () => {
  await using command = start();
  const url = await addressOf(command);
  await folder.write(".env", "KEY=canary-one\nMASTER=sk-canary-master-2\n");
  await command.until(/^Reloaded \(the secret in general_settings\.master_key has changed\)/m);
  expect([await ask(url, "a", "sk-canary-master-1"), await ask(url, "a", "sk-canary-master-2")]).toEqual([
    401, 200,
  ]);
  quiet(command);
});

test("SIGTERM ends a proxy that has been reloaded", async () => {
  await using command = start();
  await addressOf(command);
  command.kill("SIGHUP");
  await command.until(/^Reloaded/m);
  command.kill("SIGTERM");
  expect(await command.ended).toBe(0);
});
