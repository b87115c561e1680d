import { afterEach, beforeEach, expect, test } from "vitest";
import { keyward } from "./command.ts";
import { type Files, files } from "./running-proxy.ts";

const config = `
model_list:
  - model_name: a
    litellm_params: { model: azure/d, api_base: "http://127.0.0.1:1", api_key: os.environ/AZURE-API-KEY }
environment_variables:
  PLAIN: plain value
  RENAMED: os.environ/STORED
general_settings: { master_key: os.environ/MASTER }
`;
let folder: Files;

beforeEach(async () => {
  folder = await files({
    "config.yaml": config,
    ".env": 'AZURE-API-KEY=canary-1\nSTORED="canary 2\\n"\nMASTER=canary-3\nUNUSED=canary-4\n',
  });
});

afterEach(() => folder[Symbol.asyncDispose]());

const run = (script: string, ...args: string[]) =>
  keyward(["run", "--config", "config.yaml", "--", process.execPath, "-e", script, "--", ...args], {
    cwd: folder.folder,
    env: { INHERITED: "yes", MASTER: "canary-from-the-process" },
  });

test("a command gets what the configuration refers to and defines, beside what is there already", async () => {
  const names = [
    "AZURE_API_KEY",
    "AZURE-API-KEY",
    "STORED",
    "RENAMED",
    "PLAIN",
    "MASTER",
    "INHERITED",
    "UNUSED",
  ];
  await using command = run(
    `console.log(JSON.stringify(${JSON.stringify(names)}.map((name) => process.env[name] ?? null)), ...process.argv.slice(1))`,
    "--config",
    "--",
    "x",
  );
  expect(await command.ended).toBe(0);
  const [line = "", rest] = command.output.out.split(/(?<=\]) /);
  const values: unknown = JSON.parse(line);
  expect(values).toEqual([
    "canary-1",
    null,
    "canary 2\n",
    "canary 2\n",
    "plain value",
    "canary-from-the-process",
    "yes",
    null,
  ]);
  expect(rest).toBe("--config -- x\n");
  expect(command.output.error).toBe("");
});

test.each([0, 3, 255])("exit code %i is passed on", async (code) => {
  await using command = run(`process.exit(${code})`);
  expect(await command.ended).toBe(code);
});

test("the signal that ends a command is an exit code above 128", async () => {
  await using command = run('process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1000)');
  expect(await command.ended).toBe(137);
});

test.each(["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR2"] as const)("%s reaches the command", async (signal) => {
  await using command = run(
    `process.on("${signal}", () => { console.log("got it"); process.exit(7); }); setInterval(() => {}, 1000); console.log("ready")`,
  );
  await command.until(/ready/);
  command.kill(signal);
  await command.until(/got it/);
  expect(await command.ended).toBe(7);
});

test("a configuration with mistakes runs nothing", async () => {
  await folder.write("config.yaml", config.replace("AZURE-API-KEY", "NOWHERE"));
  await using command = run('console.log("ran")');
  expect(await command.ended).toBe(1);
  expect(command.output.out).toBe("");
  expect(command.output.error).toMatch(/^config\.yaml:4:\d+: error: "NOWHERE" was not found/);
  expect(command.output.error).not.toContain("canary");
});

test("a command that does not exist is 127, and no value is shown", async () => {
  await using command = keyward(["run", "--config", "config.yaml", "--", "no-such-command", "x"], {
    cwd: folder.folder,
  });
  expect(await command.ended).toBe(127);
  expect(command.output.error).toBe("no-such-command cannot be run (ENOENT): check the command after --\n");
});

test("a value that no environment can hold is named and not shown", async () => {
  await folder.write("config.yaml", `${config}`.replace("plain value", '"canary\\0tail"'));
  await using command = run('console.log("ran")');
  expect(await command.ended).toBe(1);
  expect(command.output.error).toBe("The value of PLAIN has a zero byte, which no environment can hold\n");
});
