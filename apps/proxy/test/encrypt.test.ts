import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeKmsServer, fakeKmsGrpc } from "../../../packages/gcp-kms/test/fake-kms-grpc.ts";
import { encrypt } from "../src/commands/encrypt.ts";
import { keyward } from "./command.ts";
import { type Files, files } from "./running-proxy.ts";
import { keyName } from "./sealed.ts";

let server: FakeKmsServer;
let folder: Files;
let env: Record<string, string>;

beforeAll(async () => {
  server = await fakeKmsGrpc();
  server.service.keys.create(keyName);
  folder = await files();
  const settings = {
    GOOGLE_KMS_RESOURCE_NAME: keyName,
    GOOGLE_KMS_ENDPOINT: `http://127.0.0.1:${server.port}`,
  };
  env = { METADATA_SERVER_DETECTION: "none" };
  await folder.write(
    "settings.env",
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
  await folder.write(
    ".env",
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
});

afterAll(async () => {
  await server.dispose();
  await folder[Symbol.asyncDispose]();
});

async function seal(input: string | Uint8Array, ...args: string[]) {
  await using command = keyward(["encrypt", ...args], { cwd: folder.folder, env, input });
  const code = await command.ended;
  const { out, error } = command.output;
  expect(out + error).not.toContain("canary");
  return { code, out, error };
}

test.each([
  ["a secret", "canary-secret", [], "canary-secret"],
  ["one line break at its end", "canary-secret\n", [], "canary-secret"],
  ["a line break of Windows", "canary-secret\r\n", [], "canary-secret"],
  ["two line breaks", "canary-secret\n\n", [], "canary-secret\n"],
  ["blanks, quotes and signs", ` "canary" 'a' #1 $x \\n 🌍 `, [], ` "canary" 'a' #1 $x \\n 🌍 `],
  ["its own name as additional data", "canary-secret", ["--aad", "name"], "canary-secret"],
  ["bytes as additional data", "canary-secret", ["--aad", "base64:AAEC"], "canary-secret"],
])("%s goes round", async (_, input, args, expected) => {
  const { code, out } = await seal(input, "--name", "SEALED", ...args);
  expect(code).toBe(0);
  expect(out).toMatch(/^SEALED=[A-Za-z0-9+/=]+\n$/);
  const [, aad] = args;
  const config = `environment_variables: { OPENED: os.environ/SEALED }
secrets: { providers: [{ google_kms: ${aad === undefined ? "{}" : `{ aad: "${aad}" }`} }, dotenv] }
`;
  await using opened = await files({ "config.yaml": config, ".env": out });
  const script = "process.stdout.write(Buffer.from(process.env.OPENED).toString('hex'))";
  const args2 = ["run", "--config", "config.yaml", "--", process.execPath, "-e", script];
  const settings = {
    GOOGLE_KMS_RESOURCE_NAME: keyName,
    GOOGLE_KMS_ENDPOINT: `http://127.0.0.1:${server.port}`,
  };
  await using command = keyward(args2, { cwd: opened.folder, env: { ...env, ...settings } });
  expect(await command.ended).toBe(0);
  expect(Buffer.from(command.output.out, "hex").toString()).toBe(expected);
});

test("a ciphertext that is bound to a name does not decrypt under another", async () => {
  const { out } = await seal("canary-secret", "--name", "SEALED", "--aad", "name");
  const config =
    "environment_variables: { OPENED: os.environ/OTHER }\nsecrets: { providers: [{ google_kms: { aad: name } }] }\n";
  await using opened = await files({ "config.yaml": config, ".env": out.replace("SEALED", "OTHER") });
  const settings = {
    GOOGLE_KMS_RESOURCE_NAME: keyName,
    GOOGLE_KMS_ENDPOINT: `http://127.0.0.1:${server.port}`,
  };
  await using command = keyward(["check", "--config", "config.yaml"], {
    cwd: opened.folder,
    env: { ...env, ...settings },
  });
  expect(await command.ended).toBe(1);
  expect(command.output.out).toMatch(/^config\.yaml:1:26: error: .*encrypted for another variable/);
});

test.each<[string, string | Uint8Array, string[], RegExp]>([
  ["no name", "canary", [], /required option '--name <name>'/],
  ["a name that is none", "canary", ["--name", "a b"], /^--name is the name of a variable/],
  [
    "the secret as an argument",
    "canary",
    ["--name", "A", "canary-argument"],
    /^There is something on the command line that encrypt does not take/,
  ],
  [
    "the secret as an option",
    "canary",
    ["--name", "A", "--secret=canary-option"],
    /^There is something on the command/,
  ],
  ["nothing", "", ["--name", "A"], /^There is nothing in standard input/],
  [
    "additional data in no known form",
    "canary",
    ["--name", "A", "--aad", "names"],
    /^--aad is name, or base64:/,
  ],
  ["another transport", "canary", ["--name", "A", "--transport", "smtp"], /^--transport is grpc or rest/],
  [
    "a key that does not exist",
    "canary",
    ["--name", "A", "--key-name", `${keyName}-2`],
    /does not exist\. Check keyName/,
  ],
  ["a key that is none", "canary", ["--name", "A", "--key-name", "key"], /is not the resource name of a key/],
  ["bytes that are no text", Uint8Array.of(0x63, 0xff), ["--name", "A"], /not valid UTF-8/],
  ["too much", "canary".repeat(20_000), ["--name", "A"], /at most 64 KiB/],
])("%s is an error in one line", async (_, input, args, message) => {
  const { code, out, error } = await seal(input, ...args);
  expect(code).toBe(1);
  expect(out).toBe("");
  expect(error).toMatch(message);
  expect(error.trimEnd()).not.toContain("\n");
});

test("a terminal is told how to hand the secret over", async () => {
  const input = Object.assign(Readable.from([]), { isTTY: true });
  await expect(encrypt({ name: "A", input, print: () => {} })).rejects.toThrow(
    "The secret is read from standard input, so that no history and no process list has it: keyward encrypt --name A <",
  );
});
