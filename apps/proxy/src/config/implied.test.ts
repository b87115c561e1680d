import { expect, test } from "vitest";
import { files, load } from "../../test/running-proxy.ts";

test.each(["12345678", "true", "[sk-a]"])(
  "an api_key that is no text is told, and no other key is taken in its place",
  async (written) => {
    const yaml = `
model_list:
  - model_name: a
    litellm_params: { model: openai/x, api_key: ${written} }
`;
    await using folder = await files({ "config.yaml": yaml, ".env": "OPENAI_API_KEY=sk-other\n" });
    await expect(load(folder)).rejects.toThrow('error: "api_key" must be text: put it in quotes');
  },
);

test("an api_base that is no text is told, and no other is taken in its place", async () => {
  const yaml = `
model_list:
  - model_name: a
    litellm_params: { model: azure/x, api_base: 4711, api_key: sk-a }
`;
  await using folder = await files({
    "config.yaml": yaml,
    ".env": "AZURE_API_BASE=https://other.example\n",
  });
  await expect(load(folder)).rejects.toThrow('error: "api_base" must be text: put it in quotes');
});
