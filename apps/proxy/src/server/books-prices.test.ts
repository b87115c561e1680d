import { expect, test, vi } from "vitest";
import { ask, upstreamKey } from "../../test/books-proxy.ts";
import { fakeOpenAi } from "../../test/fake-openai.ts";
import { masterKey, runningProxy } from "../../test/running-proxy.ts";

test("a request costs what the deployment costs that answered it", async () => {
  await using upstream = await fakeOpenAi([upstreamKey]);
  const deployment = (model: string, cost: number) => `
  - model_name: alias
    litellm_params: { model: ${model}, api_base: "${upstream.url}", api_key: ${upstreamKey} }
    model_info: { input_cost_per_token: ${cost}, output_cost_per_token: 0 }`;
  await using proxy = await runningProxy(
    `model_list:${deployment("openai/dear", 2)}${deployment("openai/cheap", 0.5)}
general_settings: { master_key: ${masterKey} }
`,
    "",
  );
  const { key } = (await ask(proxy, "/key/generate", {})).body;
  let seen = new Set<unknown>();
  while (seen.size < 2) {
    expect((await ask(proxy, "/v1/chat/completions", { model: "alias", messages: [] }, key)).status).toBe(
      200,
    );
    seen = new Set(upstream.requests.map(({ body }) => body.model));
  }
  const dear = upstream.requests.filter(({ body }) => body.model === "dear").length;
  const cheap = upstream.requests.length - dear;
  await vi.waitFor(async () => {
    const { info } = (await ask(proxy, `/key/info?key=${key}`)).body;
    expect(info.spend).toBeCloseTo(dear * 2 + cheap * 0.5, 9);
  });
});
