import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { type Command, keyward } from "../test/command.ts";
import { fakeOpenAi } from "../test/fake-openai.ts";
import { files, masterKey } from "../test/running-proxy.ts";
import { exampleMasterKey } from "./bundled-example.ts";

const run = promisify(execFile);

async function addressOf(command: Command): Promise<string> {
  return (await command.until(/(?<=listens on )http:\S+(?=\n)/)).trim();
}

test("without a configuration the example runs, and its line gets an answer when it is pasted", async () => {
  await using folder = await files();
  await using command = keyward(["--port", "0"], { cwd: folder.folder });
  const line = await command.until(/^curl .*(?=\n)/m);
  expect(command.output.out).toContain("Models: hello, poem\n");
  const { stdout } = await run("sh", ["-c", line]);
  expect(JSON.parse(stdout).choices[0].message.content).toContain("Hello from Keyward.");
  const url = await addressOf(command);
  expect(url).toContain("127.0.0.1");
  await using question = keyward(["--test", "--url", url], { cwd: folder.folder });
  expect(await question.ended).toBe(0);
  expect(question.output.out).toMatch(/^hello: Hello from Keyward\./);
});

test("the key that the example shows is the one in its .env.example, until .env has another", async () => {
  const text = await readFile(new URL("../example/.env.example", import.meta.url), "utf8");
  expect(text).toContain(`KEYWARD_MASTER_KEY=${exampleMasterKey}\n`);
  await using folder = await files({ ".env": "KEYWARD_MASTER_KEY=sk-canary-own\n" });
  await using command = keyward(["--port", "0"], { cwd: folder.folder });
  const line = await command.until(/^curl .*(?=\n)/m);
  expect(line).toContain("Bearer $KEYWARD_MASTER_KEY");
  expect(command.output.out + command.output.error).not.toContain("sk-canary-own");
  const { stdout } = await run("sh", ["-c", line], {
    env: { ...process.env, KEYWARD_MASTER_KEY: "sk-canary-own" },
  });
  expect(stdout).toContain("Hello from Keyward.");
});

test("a port in use is one line that names the port and the flag", async () => {
  await using folder = await files();
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  await using command = keyward(["--port", String(port)], { cwd: folder.folder });
  expect(await command.ended).toBe(1);
  expect(command.output.error).toBe(`Port ${port} is in use: choose another with --port <number>\n`);
  other.close();
});

test("without a master key it listens on this machine only, whatever --host says, and says so", async () => {
  const config = "model_list: [{ model_name: a, litellm_params: { model: openai/a, mock_response: A. } }]\n";
  await using folder = await files({ "config.yaml": config });
  const args = ["--config", "config.yaml", "--port", "0", "--host", "0.0.0.0"];
  await using command = keyward(args, { cwd: folder.folder });
  const url = await addressOf(command);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  expect(command.output.error).toContain("No master_key: listening on this machine only (127.0.0.1).");
  const { stdout } = await run("sh", ["-c", await command.until(/^curl .*(?=\n)/m)]);
  expect(stdout).toContain('"A."');
});

test.each(["SIGTERM", "SIGINT"] as const)(
  "on %s requests under way are answered, and no more are taken",
  async (signal) => {
    await using upstream = await fakeOpenAi(["sk-canary-main"]);
    const config = `
model_list:
  - model_name: a
    litellm_params: { model: openai/a, api_base: "${upstream.url}", api_key: os.environ/UPSTREAM_KEY }
general_settings: { master_key: os.environ/PROXY_KEY }
`;
    await using folder = await files({ "config.yaml": config });
    const env = { UPSTREAM_KEY: "sk-canary-main", PROXY_KEY: masterKey };
    await using command = keyward(["--config", "config.yaml", "--port", "0"], { cwd: folder.folder, env });
    const url = await addressOf(command);
    const arrived = new Promise<() => void>((resolve) => {
      upstream.instead = (response) => resolve(() => response.end('{"late":true}'));
    });
    const headers = { authorization: `Bearer ${masterKey}` };
    const answer = fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body: '{"model":"a"}' });
    const finish = await arrived;
    command.kill(signal);
    await command.until(/^Ending/m);
    await expect(fetch(`${url}/health/liveliness`)).rejects.toThrow();
    finish();
    expect(await (await answer).json()).toEqual({ late: true });
    expect(await command.ended).toBe(0);
  },
);

test("nothing that a process prints or answers holds a key, whatever goes wrong", async () => {
  const keys = {
    UPSTREAM_KEY: "sk-canary-main-1",
    OTHER_KEY: "sk-canary+main/2=",
    PROXY_KEY: "sk-canary-main-3",
  };
  await using upstream = await fakeOpenAi([]);
  const config = `
model_list:
  - { model_name: refused, litellm_params: { model: openai/a, api_base: "${upstream.url}", api_key: os.environ/UPSTREAM_KEY } }
  - { model_name: refused-too, litellm_params: { model: azure/a, api_base: "${upstream.url}", api_key: os.environ/OTHER_KEY } }
  - { model_name: literal, litellm_params: { model: openai/a, api_base: "${upstream.url}", api_key: sk-canary-literal } }
  - { model_name: nobody, litellm_params: { model: openai/a, api_base: "http://127.0.0.1:1", api_key: os.environ/UPSTREAM_KEY } }
general_settings: { master_key: os.environ/PROXY_KEY, unknown: sk-canary-unknown }
router_settings: { num_retries: 1 }
`;
  await using folder = await files({ "config.yaml": config });
  await using command = keyward(["--config", "config.yaml", "--port", "0"], {
    cwd: folder.folder,
    env: keys,
  });
  const url = await addressOf(command);
  const heard: string[] = [];
  const send = async (path: string, key: string, body?: string) => {
    const init = { headers: { authorization: `Bearer ${key}` }, ...(body ? { method: "POST", body } : {}) };
    const response = await fetch(url + path, init);
    heard.push(JSON.stringify([...response.headers]), await response.text());
  };
  for (const model of ["refused", "refused-too", "literal", "nobody", "sk-canary-no-model"]) {
    for (const stream of [true, false]) {
      await send("/v1/chat/completions", keys.PROXY_KEY, JSON.stringify({ model, stream }));
    }
  }
  await send("/v1/chat/completions", "sk-canary-wrong", "{}");
  await send("/v1/chat/completions", keys.PROXY_KEY, "sk-canary-not-json");
  await send("/v1/models", keys.PROXY_KEY);
  await send("/health", keys.PROXY_KEY);
  command.kill("SIGTERM");
  expect(await command.ended).toBe(0);
  const asked = heard.filter((text) => !text.includes("sk-canary-no-model")).join("\n");
  expect(asked).toContain("Incorrect API key provided: [secret]");
  expect(asked + command.output.out + command.output.error).not.toContain("sk-canary");
});

test("check prints where every reference was found and never a value", async () => {
  const config = `
model_list: [{ model_name: a, litellm_params: { model: gpt-4o, api_key: os.environ/A_KEY } }]
general_settings: { master_key: os.environ/B_KEY }
`;
  await using folder = await files({ "config.yaml": config, ".env": "A_KEY=sk-canary-a\n" });
  const args = ["check", "--config", "config.yaml"];
  await using complete = keyward(args, { cwd: folder.folder, env: { B_KEY: "sk-canary-b" } });
  expect(await complete.ended).toBe(0);
  expect(complete.output.out).toMatch(
    /model_list\[0\]\.litellm_params\.api_key +os\.environ\/A_KEY +dotenv\(/,
  );
  expect(complete.output.out).toContain("1 models, 2 references, all resolved");
  await using incomplete = keyward(args, { cwd: folder.folder });
  expect(await incomplete.ended).toBe(1);
  expect(incomplete.output.out).toMatch(/^config\.yaml:3:21: error: "B_KEY" was not found/);
  for (const { output } of [complete, incomplete])
    expect(output.out + output.error).not.toContain("sk-canary");
});

test.each([
  [
    ["--config", "nowhere.yaml"],
    /^nowhere\.yaml does not exist: name a configuration with --config <file>\n$/,
  ],
  [["--port", "http"], /a port is a number from 0 to 65535/],
  [["--prot", "1"], /^There is an option that keyward does not know\. See keyward --help\.\n$/],
  [
    ["--test", "--url", "http://127.0.0.1:1"],
    /^http:\/\/127\.0\.0\.1:1\/v1\/models cannot be reached: start the proxy/,
  ],
])("%j is an error in one line", async (args, message) => {
  await using folder = await files();
  await using command = keyward(args, { cwd: folder.folder });
  expect(await command.ended).toBe(1);
  expect(command.output.error).toMatch(message);
  expect(command.output.error).not.toMatch(/^\s+at /m);
});
