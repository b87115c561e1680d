import { execFile } from "node:child_process";
import { chmod } from "node:fs/promises";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeKmsServer, fakeKmsGrpc } from "../../../packages/gcp-kms/test/fake-kms-grpc.ts";
import { certificate, serviceAccount } from "../../../packages/gcp-kms/test/google-credentials.ts";
import { pythonRepr } from "../../../packages/gcp-kms/test/literals.ts";
import { addressOf, ask, keyward, main } from "./command.ts";
import { fakeOpenAi } from "./fake-openai.ts";
import { type Files, files } from "./running-proxy.ts";
import { encryptWith, keyName } from "./sealed.ts";

const databaseUrl = "postgres://canary:canary-kms@db.example/litellm";
let server: FakeKmsServer;
let folder: Files;
/** The reference's first two variables, for a Cloud KMS that wants TLS and credentials. */
let env: Record<string, string>;

beforeEach(async () => {
  const { key, cert } = await certificate();
  server = await fakeKmsGrpc({ key, cert });
  server.service.keys.create(keyName);
  // Every ciphertext holds the id of its key: with an apostrophe in it, Python prints none as `literal` wants them.
  while (Buffer.from(encryptWith(server.service, ""), "base64").subarray(0, 38).includes("'")) {
    server.service.keys.rotate(keyName);
  }
  folder = await files({ "credentials.json": serviceAccount(), "ca.pem": cert });
  env = {
    GOOGLE_APPLICATION_CREDENTIALS: folder.path("credentials.json"),
    GOOGLE_KMS_RESOURCE_NAME: keyName,
    GOOGLE_KMS_ENDPOINT: `localhost:${server.port}`,
    GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: folder.path("ca.pem"),
    METADATA_SERVER_DETECTION: "none",
  };
});

afterEach(async () => {
  await server.dispose();
  await folder[Symbol.asyncDispose]();
});

const reference = `general_settings:
  use_google_kms: true
  database_url: "os.environ/PROXY_DATABASE_URL_ENCRYPTED"
  master_key: sk-1234
`;
const models =
  "model_list: [{ model_name: a, litellm_params: { model: openai/a, mock_response: Hello. } }]\n";
const serve = ["--config", "config.yaml", "--port", "0"];

/**
 * What Python prints of a ciphertext that has every sign in it that `.env` takes for something else. An escaped quote
 * would end it for a shell, which has never been able to take those.
 */
function literal(text: string, forShell = false): string {
  for (;;) {
    const printed = pythonRepr(Buffer.from(encryptWith(server.service, text), "base64"));
    if (!printed.includes("#") || !printed.startsWith("b'")) continue;
    if (!forShell || !printed.includes("\\'")) return printed;
  }
}

test("the reference's three steps run as they stand, with a literal that bash has exported", async () => {
  await folder.write("config.yaml", reference);
  const script = `export PROXY_DATABASE_URL_ENCRYPTED=${literal(databaseUrl, true)}\nexec "$@"\n`;
  await folder.write("start.sh", script);
  const args = [folder.path("start.sh"), process.execPath, main, "check", "--config", "config.yaml"];
  const { PATH = "" } = process.env;
  const { stdout } = await promisify(execFile)("bash", args, { cwd: folder.folder, env: { PATH, ...env } });
  expect(stdout).toMatch(/database_url +os.environ\/PROXY_DATABASE_URL_ENCRYPTED +google-kms\(/);
  expect(server.service.authorization).toMatch(/^Bearer /);

  await folder.write(".env", `PROXY_DATABASE_URL_ENCRYPTED=${literal(databaseUrl)}\n`);
  await using command = keyward(serve, { cwd: folder.folder, env });
  const url = await addressOf(command);
  await using question = keyward(["--test", "--url", url], {
    cwd: folder.folder,
    env: { KEYWARD_MASTER_KEY: "sk-1234" },
  });
  expect(await question.ended).toBe(0);
  expect(question.output.out).toContain("answers, and has no model yet");
  expect(command.output.out + command.output.error).not.toContain("canary");
  // Three programs one after the other, two of which load Google's client: a busy machine takes its time.
}, 60_000);

test.each<[string, (text: string) => string]>([
  ["a literal in .env, unquoted", (text) => literal(text)],
  ["base64", (text) => encryptWith(server.service, text)],
  [
    "base64url",
    (text) => encryptWith(server.service, text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, ""),
  ],
])("%s is decrypted, and --test answers", async (_, spell) => {
  await folder.write("config.yaml", reference + models);
  const { GOOGLE_APPLICATION_CREDENTIALS = "", GRPC_DEFAULT_SSL_ROOTS_FILE_PATH = "", ...settings } = env;
  const written = { ...settings, PROXY_DATABASE_URL_ENCRYPTED: spell(databaseUrl) };
  await folder.write(
    ".env",
    Object.entries(written)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
  const inProcess = { GOOGLE_APPLICATION_CREDENTIALS, GRPC_DEFAULT_SSL_ROOTS_FILE_PATH };
  await using command = keyward(serve, { cwd: folder.folder, env: inProcess });
  const url = await addressOf(command);
  await using question = keyward(["--test", "--url", url, "--config", "config.yaml"], {
    cwd: folder.folder,
    env: inProcess,
  });
  expect(await question.ended).toBe(0);
  expect(question.output.out).toBe("a: Hello.\n");
});

test("what does not decrypt is an error with its place, and no other store answers for it", async () => {
  await folder.write("config.yaml", reference);
  const ciphertext = Buffer.from(encryptWith(server.service, databaseUrl), "base64");
  ciphertext[60] = (ciphertext[60] ?? 0) ^ 1;
  await folder.write(".env", `PROXY_DATABASE_URL_ENCRYPTED=${ciphertext.toString("base64")}\n`);
  await using command = keyward(serve, { cwd: folder.folder, env });
  expect(await command.ended).toBe(1);
  expect(command.output.error).toMatch(
    /^config\.yaml:3:3: error: google-kms\(.*"PROXY_DATABASE_URL_ENCRYPTED"/,
  );
  expect(command.output.error).not.toContain(ciphertext.toString("base64").slice(0, 20));
});

test("credentials that only .env names are a warning that says where they belong", async () => {
  await folder.write("config.yaml", reference);
  const { GOOGLE_APPLICATION_CREDENTIALS: path = "", ...others } = env;
  const ciphertext = encryptWith(server.service, databaseUrl);
  await folder.write(
    ".env",
    `GOOGLE_APPLICATION_CREDENTIALS=${path}\nPROXY_DATABASE_URL_ENCRYPTED=${ciphertext}\n`,
  );
  await using command = keyward(serve, { cwd: folder.folder, env: { ...others, HOME: folder.folder } });
  expect(await command.ended).toBe(1);
  expect(command.output.error).toMatch(
    /^config\.yaml:2:3: warning: GOOGLE_APPLICATION_CREDENTIALS has to be in the environment of the process/m,
  );
});

test("a value that is read again and again costs one request to Cloud KMS, and a new ciphertext another", async () => {
  await using upstream = await fakeOpenAi(["canary-kms-1", "canary-kms-2"]);
  const config = `
model_list: [{ model_name: a, litellm_params: { model: openai/a, api_base: "${upstream.url}", api_key: os.environ/KEY } }]
secrets:
  providers: [{ google_kms: { aad: name } }, dotenv]
  cache: { ttl: 0.001 }
  poll_interval: 0.05
`;
  await folder.write("config.yaml", config);
  await folder.write(".env", `KEY=${encryptWith(server.service, "canary-kms-1", "KEY")}\n`);
  await using command = keyward(serve, { cwd: folder.folder, env });
  const url = await addressOf(command);
  for (let call = 0; call < 5; call++) expect(await ask(url, "a")).toBe(200);
  expect(server.service.requests).toBe(1);
  await folder.write(".env", `KEY=${encryptWith(server.service, "canary-kms-2", "KEY")}\n`);
  await command.until(/Secret KEY in google-kms\(.*\) has changed/);
  expect(await ask(url, "a")).toBe(200);
  expect(upstream.requests.at(-1)?.headers.authorization).toBe("Bearer canary-kms-2");
  expect(server.service.requests).toBe(2);
});

test("reuse_for: 0 asks Cloud KMS at every read", async () => {
  await using upstream = await fakeOpenAi(["canary-kms-1"]);
  const config = `
model_list: [{ model_name: a, litellm_params: { model: openai/a, api_base: "${upstream.url}", api_key: os.environ/KEY } }]
secrets:
  providers: [{ google_kms: { reuse_for: 0 } }, dotenv]
  cache: { ttl: 0.001 }
`;
  await folder.write("config.yaml", config);
  await folder.write(".env", `KEY=${encryptWith(server.service, "canary-kms-1")}\n`);
  await using command = keyward(serve, { cwd: folder.folder, env });
  const url = await addressOf(command);
  const { requests } = server.service;
  for (let call = 0; call < 3; call++) expect(await ask(url, "a")).toBe(200);
  await expect.poll(() => server.service.requests).toBeGreaterThan(requests);
});

test("reuse_for below zero is refused with its place", async () => {
  await folder.write("config.yaml", "secrets: { providers: [{ google_kms: { reuse_for: -1 } }] }\n");
  await using command = keyward(["check", "--config", "config.yaml"], { cwd: folder.folder, env });
  expect(await command.ended).toBe(1);
  expect(command.output.out).toMatch(
    /^config\.yaml:1:\d+: error: "reuse_for" must be a number, 0 or above$/m,
  );
});

test("proxies that meet in a folder decrypt once between them, and so does one that is restarted", async () => {
  await folder.write("config.yaml", reference + models);
  const meeting = { GOOGLE_KMS_SHARE_FOLDER: "shared" };
  const sealed = { PROXY_DATABASE_URL_ENCRYPTED: encryptWith(server.service, databaseUrl) };
  const started = () => keyward(serve, { cwd: folder.folder, env: { ...env, ...meeting, ...sealed } });
  await using first = started();
  await addressOf(first);
  await using second = started();
  await addressOf(second);
  second.kill("SIGKILL");
  await second.ended;
  await using again = started();
  await addressOf(again);
  expect(server.service.requests).toBe(1);
  first.kill("SIGTERM");
  expect(await first.ended).toBe(0);
  expect(again.output.out + again.output.error).not.toContain("canary");
});

test("a folder that others may open is refused with its place", async () => {
  await folder.write("config.yaml", "secrets: { providers: [{ google_kms: { share_folder: . } }] }\n");
  await chmod(folder.folder, 0o755);
  await using command = keyward(["check", "--config", "config.yaml"], { cwd: folder.folder, env });
  expect(await command.ended).toBe(1);
  expect(command.output.out + command.output.error).toMatch(
    /^config\.yaml:1:\d+: error: .*shareFolder is a folder that others may open.*chmod 700/m,
  );
});

test.each<[string, string, (sealed: string) => Record<string, string>]>([
  [
    "in a file that only another store reads",
    "secrets: { providers: [google_kms, { dotenv: { path: other.env } }] }",
    (sealed) => ({ "other.env": `KEY="${sealed}"\n` }),
  ],
  [
    "in .env, behind a plain value in the environment that comes first for Google KMS only",
    "secrets: { providers: [google_kms, { dotenv: { override: true } }] }",
    (sealed) => ({ ".env": `KEY=${sealed}\n` }),
  ],
  [
    "in the configuration",
    "environment_variables: { KEY: SEALED }\nsecrets: { providers: [google_kms] }",
    () => ({}),
  ],
  ["as a model's key in the configuration", "general_settings: { use_google_kms: true }", () => ({})],
])("a ciphertext that Google KMS is not asked about is refused: %s", async (what, stores, write) => {
  const sealed = encryptWith(server.service, "canary-kms");
  const key = what.startsWith("as a model's key") ? sealed : "os.environ/KEY";
  const model = `{ model_name: a, litellm_params: { model: openai/a, api_key: "${key}" } }`;
  await folder.write("config.yaml", `model_list: [${model}]\n${stores.replace("SEALED", `"${sealed}"`)}\n`);
  for (const [name, text] of Object.entries(write(sealed))) await folder.write(name, text);
  const plain = what.startsWith("in .env") ? { KEY: "plain" } : {};
  await using command = keyward(["check", "--config", "config.yaml"], {
    cwd: folder.folder,
    env: { ...env, ...plain },
  });
  expect(await command.ended).toBe(1);
  const output = command.output.out + command.output.error;
  expect(output).toMatch(
    /^config\.yaml:[12]:\d\d: error: .*is a ciphertext that stands where Cloud KMS is not asked about it/m,
  );
  expect(output).not.toContain(sealed.slice(0, 12));
});
