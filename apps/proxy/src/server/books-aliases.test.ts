import { expect, test, vi } from "vitest";
import { ask } from "../../test/books-proxy.ts";
import { fakeOpenAi } from "../../test/fake-openai.ts";
import { masterKey, runningProxy } from "../../test/running-proxy.ts";

test("under a hidden alias a model is counted and limited as under its own name", async () => {
  await using upstream = await fakeOpenAi(["sk-upstream"]);
  await using proxy = await runningProxy(
    `
model_list:
  - model_name: alias
    litellm_params: { model: openai/gpt-4o, api_base: "${upstream.url}", api_key: sk-upstream }
    model_info: { input_cost_per_token: 0.001, output_cost_per_token: 0.01 }
router_settings: { model_group_alias: { secretly: { model: alias, hidden: true } } }
general_settings: { master_key: ${masterKey} }
`,
    "",
  );
  const call = (key: string) => ask(proxy, "/v1/chat/completions", { model: "secretly", messages: [] }, key);
  const { key } = (await ask(proxy, "/key/generate", { max_budget: 0.01 })).body;
  expect((await call(key)).status).toBe(200);
  await vi.waitFor(async () => {
    const { info } = (await ask(proxy, `/key/info?key=${key}`)).body;
    expect(info.spend).toBeCloseTo(0.021, 9);
  });
  expect((await call(key)).body.error.code).toBe("budget_exceeded");
  const { key: restricted } = (await ask(proxy, "/key/generate", { models: ["alias"] })).body;
  expect((await call(restricted)).body.error.code).toBe("model_not_allowed");
});
