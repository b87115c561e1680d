import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeKmsServer, fakeKmsGrpc } from "../../../packages/gcp-kms/test/fake-kms-grpc.ts";
import { exampleMasterKey } from "../src/bundled-example.ts";
import { addressOf, keyward } from "./command.ts";
import { type Files, files } from "./running-proxy.ts";
import { encryptWith, keyName } from "./sealed.ts";

let folder: Files;

beforeEach(async () => {
  folder = await files();
});

afterEach(() => folder[Symbol.asyncDispose]());

/** What `keyward --test` says in another terminal. */
async function question(
  url: string,
  args: string[] = [],
  env: Record<string, string> = {},
  cwd = folder.folder,
) {
  await using command = keyward(["--test", "--url", url, ...args], { cwd, env });
  const code = await command.ended;
  const { out, error } = command.output;
  expect(out + error).not.toContain("canary");
  return { code, out, error };
}

const howTo =
  "set KEYWARD_MASTER_KEY to the proxy's master key, or name its configuration with --config <file>";

interface Sealed extends AsyncDisposable {
  readonly url: string;
}

/** The reference's proxy, with what only its own terminal has exported. */
async function referenceProxy(): Promise<Sealed> {
  const server: FakeKmsServer = await fakeKmsGrpc();
  server.service.keys.create(keyName);
  const config = `general_settings:
  use_google_kms: true
  database_url: "os.environ/PROXY_DATABASE_URL_ENCRYPTED"
  master_key: sk-1234
model_list: [{ model_name: a, litellm_params: { model: openai/a, mock_response: Hello. } }]
`;
  await folder.write("config.yaml", config);
  const env = {
    GOOGLE_KMS_RESOURCE_NAME: keyName,
    GOOGLE_KMS_ENDPOINT: `http://127.0.0.1:${server.port}`,
    METADATA_SERVER_DETECTION: "none",
    PROXY_DATABASE_URL_ENCRYPTED: encryptWith(server.service, "postgres://canary:canary@127.0.0.1:1/litellm"),
  };
  const command = keyward(["--config", "config.yaml", "--port", "0"], { cwd: folder.folder, env });
  return {
    url: await addressOf(command),
    async [Symbol.asyncDispose]() {
      await command[Symbol.asyncDispose]();
      await server.dispose();
    },
  };
}

test("a literal master key of config.yaml is known in any terminal, and no store is opened for it", async () => {
  await using proxy = await referenceProxy();
  expect(await question(proxy.url)).toEqual({ code: 0, out: "a: Hello.\n", error: "" });
  const named = await question(proxy.url, ["--config", "config.yaml"]);
  expect(named).toEqual({ code: 0, out: "a: Hello.\n", error: "" });
  // Where there is no config.yaml, the example's key is asked for in a database that is away.
  await using elsewhere = await files();
  const { code, error } = await question(proxy.url, [], {}, elsewhere.folder);
  expect(code).toBe(1);
  expect(error).toContain("answered with status 503");
  expect(error).toContain(howTo);
});

interface Recorder extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly keys: (string | undefined)[];
}

/** A proxy without models that takes every key, or answers with this status. */
async function recorder(status = 200): Promise<Recorder> {
  const keys: (string | undefined)[] = [];
  const server = createServer(({ headers }, response) => {
    keys.push(headers.authorization?.replace("Bearer ", ""));
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(status === 200 ? { data: [] } : { error: { message: "refused" } }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    keys,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const literal = "general_settings: { master_key: sk-canary-literal }\n";
const reference = "general_settings: { master_key: os.environ/PROXY_KEY }\n";

test.each<[string, Record<string, string>, string[], Record<string, string>, string | undefined]>([
  ["the example's", {}, [], {}, exampleMasterKey],
  [
    "KEYWARD_MASTER_KEY",
    { "config.yaml": literal },
    [],
    { KEYWARD_MASTER_KEY: "sk-canary-own" },
    "sk-canary-own",
  ],
  [
    "KEYWARD_MASTER_KEY of .env",
    { "config.yaml": literal, ".env": "KEYWARD_MASTER_KEY=sk-canary-own\n" },
    [],
    {},
    "sk-canary-own",
  ],
  ["a literal", { "config.yaml": literal }, [], {}, "sk-canary-literal"],
  [
    "a reference to the environment",
    { "config.yaml": reference },
    [],
    { PROXY_KEY: "sk-canary-env" },
    "sk-canary-env",
  ],
  [
    "a reference to .env",
    { "config.yaml": reference, ".env": "PROXY_KEY=sk-canary-file\n" },
    [],
    {},
    "sk-canary-file",
  ],
  [
    "a reference to the file's own variables",
    { "config.yaml": `${reference}environment_variables: { PROXY_KEY: sk-canary-variable }\n` },
    [],
    {},
    "sk-canary-variable",
  ],
  ["a file without a key", { "config.yaml": "model_list: []\n" }, [], {}, exampleMasterKey],
  ["a file of another program", { "config.yaml": "a: {{ b }}\n- c\n" }, [], {}, exampleMasterKey],
  [
    "a named file",
    { "config.yaml": reference, "named.yaml": `${literal}model_list: [{ model_name: os.environ/MODEL }]\n` },
    ["--config", "named.yaml"],
    { KEYWARD_MASTER_KEY: "sk-canary-own" },
    "sk-canary-literal",
  ],
  [
    "a named file without a key",
    { "named.yaml": "model_list: []\n" },
    ["--config", "named.yaml"],
    {},
    undefined,
  ],
])("the key that is sent is %s", async (_, initial, args, env, key) => {
  for (const [name, text] of Object.entries(initial)) await folder.write(name, text);
  await using proxy = await recorder();
  const { code, error } = await question(proxy.url, args, env);
  expect([code, error]).toEqual([0, ""]);
  expect(proxy.keys).toEqual([key]);
});

test("the key of a configuration that nobody named goes to no other address than this machine's", async () => {
  await folder.write("config.yaml", literal);
  await using proxy = await recorder();
  await question(`http://0.0.0.0:${proxy.port}`);
  expect(proxy.keys).toEqual([exampleMasterKey]);
});

test.each([401, 403, 503])("status %i without a known key says how to give it", async (status) => {
  await using proxy = await recorder(status);
  const { code, error } = await question(proxy.url);
  expect([code, error]).toEqual([
    1,
    `${proxy.url}/v1/models answered with status ${status}: refused (no master key was found: ${howTo})\n`,
  ]);
});

test("a key that is refused is told by where it was found", async () => {
  await folder.write("config.yaml", literal);
  await using proxy = await recorder(401);
  const { error } = await question(proxy.url);
  expect(error).toContain("refused (this is the key of config.yaml: KEYWARD_MASTER_KEY or --config <file>");
});

test("why a master key could not be found is told with its place", async () => {
  await folder.write("config.yaml", `secrets: { providers: [google_kms] }\n${reference}`);
  await using proxy = await recorder(401);
  const { code, error } = await question(proxy.url);
  expect(code).toBe(1);
  expect(error).toMatch(
    /refused \(no master key was found: .*\)\nconfig\.yaml:1:\d+: error: .*GOOGLE_KMS_RESOURCE_NAME/,
  );
  const named = await question(proxy.url, ["--config", "config.yaml"]);
  expect(named.code).toBe(1);
  expect(named.error).toMatch(/^config\.yaml:1:\d+: error: .*GOOGLE_KMS_RESOURCE_NAME/);
  expect(named.error).toContain("KEYWARD_MASTER_KEY");
  expect(proxy.keys).toHaveLength(1);
});
