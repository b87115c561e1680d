import { expect, test } from "vitest";
import { ask } from "./books-proxy.ts";
import { addressOf, keyward } from "./command.ts";
import { files, masterKey } from "./running-proxy.ts";

test("the first virtual key makes the SQLite file, and warns of nothing", async () => {
  await using folder = await files({
    "config.yaml": `
model_list: [{ model_name: a, litellm_params: { model: openai/gpt-4o, mock_response: A. } }]
general_settings: { master_key: ${masterKey}, data_folder: ./data }
`,
  });
  const args = ["--config", "config.yaml", "--port", "0", "--host", "127.0.0.1"];
  await using command = keyward(args, { cwd: folder.folder });
  const proxy = { url: await addressOf(command) };
  const { key } = (await ask(proxy, "/key/generate", {})).body;
  const call = await ask(proxy, "/v1/chat/completions", { model: "a", messages: [] }, key);
  expect(call.status).toBe(200);
  command.kill("SIGTERM");
  expect(await command.ended).toBe(0);
  expect(command.output.error).not.toContain("Warning");
});
