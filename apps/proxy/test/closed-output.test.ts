import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { addressOf, ask, keyward, main } from "./command.ts";
import { files } from "./running-proxy.ts";

const config = `
model_list:
  - model_name: lost
    litellm_params: { model: openai/lost, api_base: "http://127.0.0.1:1/v1", num_retries: 0 }
  - model_name: mock
    litellm_params: { model: openai/mock, mock_response: still here }
general_settings: { master_key: sk-master }
`;

test("a log that nobody reads any more ends no proxy", async () => {
  await using folder = await files({ "config.yaml": config });
  await using command = keyward(["--config", "config.yaml", "--port", "0", "--host", "127.0.0.1"], {
    cwd: folder.folder,
  });
  const url = await addressOf(command);
  command.closeOutput();
  expect(await ask(url, "lost", "sk-master")).toBe(502);
  expect(await ask(url, "lost", "sk-master")).toBe(502);
  expect(await ask(url, "mock", "sk-master")).toBe(200);
});

test("a command whose reader has enough ends without a word", async () => {
  await using folder = await files({ "config.yaml": config });
  const child = spawn(process.execPath, [main, "check", "--config", "config.yaml"], { cwd: folder.folder });
  let error = "";
  child.stdout.destroy();
  child.stderr.on("data", (chunk: Buffer) => {
    error += chunk.toString();
  });
  const [code] = await once(child, "close");
  expect([code, error]).toEqual([0, ""]);
});
