import { createSecrets } from "@keyward/core";
import { infisical } from "@keyward/infisical";
import { afterEach, expect, test } from "vitest";
import { fakeInfisical, infisicalToken } from "../../test/fake-infisical.ts";
import { fakeOpenAi } from "../../test/fake-openai.ts";
import { openAiAt } from "../../test/local-rows.ts";
import { closeAll, untilClosed } from "../../test/routed-engine.ts";
import { completion, setDefaultSecrets } from "../index.ts";

afterEach(async () => {
  setDefaultSecrets(undefined);
  await closeAll();
});

test("completion() finds OPENAI_API_KEY in Infisical, through its own SDK", async () => {
  const openai = untilClosed(await fakeOpenAi("sk-from-infisical"));
  const store = untilClosed(await fakeInfisical({ OTHER: "x", OPENAI_API_KEY: "sk-from-infisical" }));
  const place = { projectId: "project", environment: "test", siteUrl: store.url, env: {} };
  const provider = infisical({ ...place, token: infisicalToken });
  const secrets = untilClosed(createSecrets({ providers: [provider] }));
  setDefaultSecrets(secrets, { providers: openAiAt(openai.url) });

  const messages = [
    { role: "system" as const, content: "You are a helpful assistant." },
    { role: "user" as const, content: "What's the weather like today?" },
  ];
  const response = await completion({ model: "gpt-3.5-turbo", messages });

  expect(response.choices[0]?.message.content).toBe("You said: What's the weather like today?");
  expect(openai.requests).toMatchObject([
    {
      path: "/v1/chat/completions",
      key: "Bearer sk-from-infisical",
      body: { model: "gpt-3.5-turbo", messages },
    },
  ]);
});
