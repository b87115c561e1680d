import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeKmsServer, fakeKmsGrpc } from "../../../packages/gcp-kms/test/fake-kms-grpc.ts";
import { main } from "./command.ts";
import { type Files, files } from "./running-proxy.ts";
import { keyName } from "./sealed.ts";

let server: FakeKmsServer;
let folder: Files;

beforeAll(async () => {
  server = await fakeKmsGrpc();
  server.service.keys.create(keyName);
  folder = await files({
    "config.yaml": "model_list: []\n",
    ".env": `GOOGLE_KMS_RESOURCE_NAME=${keyName}\nGOOGLE_KMS_ENDPOINT=http://127.0.0.1:${server.port}\n`,
  });
});

afterAll(async () => {
  await server.dispose();
  await folder[Symbol.asyncDispose]();
});

/** Runs a line of shell in which `keyward` is the built command. */
async function shell(line: string) {
  const script = `keyward() { "$NODE" "$MAIN" "$@"; }\n${line}`;
  const env = {
    PATH: process.env.PATH,
    NODE: process.execPath,
    MAIN: main,
    METADATA_SERVER_DETECTION: "none",
  };
  const child = spawn("bash", ["--norc", "-c", script], { cwd: folder.folder, env });
  child.stdin.end();
  let error = "";
  child.stderr.on("data", (chunk: Buffer) => {
    error += chunk.toString();
  });
  const [code] = await once(child, "close");
  return { code, error };
}

test
  .skipIf(process.platform !== "linux")
  .each([
    "printf canary | keyward encrypt --name A > /dev/full",
    "keyward check --config config.yaml > /dev/full",
    "keyward --help > /dev/full",
    "keyward check --help > /dev/full",
    "keyward --version > /dev/full",
  ])("%s fails, for its output is lost", async (line) => {
  const { code, error } = await shell(line);
  expect(error).toBe("Standard output cannot be written (ENOSPC): what was printed is lost\n");
  expect(code).toBe(1);
});

test.each([">&-", "1<>/dev/null"])("encrypt refuses %s before it asks anybody", async (redirection) => {
  const { requests } = server.service;
  const { code, error } = await shell(`printf canary | keyward encrypt --name A ${redirection}`);
  expect(error).toBe("Standard output is closed, so the ciphertext would be lost: send it to a file\n");
  expect(code).toBe(1);
  expect(server.service.requests).toBe(requests);
});

test("a ciphertext that is thrown away on purpose is no failure", async () => {
  expect(await shell("printf canary | keyward encrypt --name A > /dev/null")).toEqual({ code: 0, error: "" });
});

test("check tells its verdict by its exit code also where its output is closed", async () => {
  expect(await shell("keyward check --config config.yaml >&-")).toEqual({ code: 0, error: "" });
});

test("encrypt does not end well when nobody reads its ciphertext, and says no more than others do", async () => {
  // The pipe's reader has ended before the command begins.
  const line = "exec 3> >(:); wait $!; printf canary | keyward encrypt --name A >&3";
  expect(await shell(line)).toEqual({ code: 1, error: "" });
});
