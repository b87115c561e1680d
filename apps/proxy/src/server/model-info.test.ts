import { expect, test } from "vitest";
import { ask } from "../../test/books-proxy.ts";
import { masterKey, runningProxy } from "../../test/running-proxy.ts";

test("/model/info tells the list's price where the configuration names none, and the price that counts where it does", async () => {
  await using proxy = await runningProxy(
    `
model_list:
  - { model_name: listed, litellm_params: { model: openai/gpt-4o, mock_response: A } }
  - { model_name: own, litellm_params: { model: openai/gpt-4o, mock_response: A, input_cost_per_token: 0.5 } }
  - model_name: informed
    litellm_params: { model: openai/gpt-4o, mock_response: A }
    model_info: { output_cost_per_token: 0.25, max_tokens: 4096 }
  - { model_name: unknown, litellm_params: { model: openai/nobody-knows, mock_response: A } }
general_settings: { master_key: ${masterKey} }
`,
    "",
  );
  const { body } = await ask(proxy, "/model/info");
  const figures = body.data.map((entry: { model_info: object }) => entry.model_info);
  expect(figures).toEqual([
    {
      input_cost_per_token: 2.5e-6,
      output_cost_per_token: 1e-5,
      max_input_tokens: 128_000,
      db_model: false,
    },
    { input_cost_per_token: 0.5, max_input_tokens: 128_000, db_model: false },
    { output_cost_per_token: 0.25, max_input_tokens: 128_000, max_tokens: 4096, db_model: false },
    { db_model: false },
  ]);
});
