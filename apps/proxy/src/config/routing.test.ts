import { expect, test } from "vitest";
import { files, load } from "../../test/running-proxy.ts";
import { ConfigError, formatProblems } from "./problem.ts";

const models = `model_list:
  - { model_name: gpt-4.1, litellm_params: { model: openai/a, mock_response: A. } }
  - { model_name: claude, litellm_params: { model: openai/b, mock_response: B. } }
`;

/** What a configuration says of routing, and the lines it is told of, less the name of the file. */
async function read(yaml: string, env = "") {
  await using folder = await files({ "config.yaml": yaml, ".env": env });
  try {
    const { secrets, routing, models, warnings } = await load(folder);
    await secrets.close();
    return { routing, models, lines: formatProblems("", warnings).map((line) => line.slice(1)) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { lines: formatProblems("", error.problems).map((line) => line.slice(1)) };
  }
}

test("both sections are read, and router_settings go before litellm_settings", async () => {
  const { routing, lines } = await read(
    `${models}
router_settings:
  num_retries: 0
  timeout: os.environ/TIMEOUT
  stream_timeout: 0.5
  retry_after: 2
  routing_strategy: simple-shuffle
  max_fallbacks: 1
  model_group_alias: { gpt-4: gpt-4.1, hidden: { model: claude, hidden: true } }
  fallbacks: [{ gpt-4.1: [claude, gpt-4] }]
litellm_settings:
  num_retries: 7
  allowed_fails: 1
  cooldown_time: 30
  context_window_fallbacks: [{ "*": [hidden] }]
  default_fallbacks: [claude]
`,
    "TIMEOUT=30\n",
  );
  expect(lines).toEqual([]);
  expect(routing).toMatchObject({
    numRetries: 0,
    timeoutMs: 30_000,
    streamTimeoutMs: 500,
    retryAfterMs: 2_000,
    maxFallbacks: 1,
    allowedFails: 1,
    cooldownMs: 30_000,
    modelGroupAlias: {
      "gpt-4": { model: "gpt-4.1", hidden: false },
      hidden: { model: "claude", hidden: true },
    },
    fallbacks: { "gpt-4.1": ["claude", "gpt-4"] },
    contextWindowFallbacks: { "*": ["hidden"] },
    defaultFallbacks: ["claude"],
  });
});

test("what a deployment says of itself is read", async () => {
  const params =
    "mock_response: A., weight: 0, rpm: 60, tpm: 1000, timeout: 1.5, stream_timeout: 2, num_retries: 4";
  const { models } = await read(
    `model_list: [{ model_name: a, litellm_params: { model: openai/a, ${params} } }]\n`,
  );
  expect(models?.[0]).toMatchObject({
    weight: 0,
    rpm: 60,
    tpm: 1000,
    timeoutMs: 1_500,
    streamTimeoutMs: 2_000,
    numRetries: 4,
  });
});

test.each([
  ["num_retries: 1.5", '6:3: error: "num_retries" must be a whole number, 0 or above'],
  ["num_retries: many", '6:3: error: "num_retries" must be a whole number, 0 or above'],
  ["timeout: 0", '6:3: error: "timeout" must be a number of seconds, above 0 and at most 2147483'],
  ["timeout: .inf", '6:3: error: "timeout" must be a number of seconds, above 0 and at most 2147483'],
  ["cooldown_time: -1", '6:3: error: "cooldown_time" must be a number of seconds, at most 2147483'],
  ["disable_cooldowns: 1", '6:3: error: "disable_cooldowns" must be true or false'],
  ["fallbacks: { gpt-4.1: [claude] }", '6:3: error: "fallbacks" must be a list: begin each entry with "- "'],
  ["fallbacks: [gpt-4.1]", '6:15: error: entry 1 of "fallbacks" must be a mapping'],
  ["fallbacks: [{ gpt-4.1: claude }]", '6:17: error: "gpt-4.1" must be a list'],
  [
    "fallbacks: [{ gpt-4.1: [claude, claud] }]",
    '6:35: error: "claud" is no model_name in model_list: did you mean "claude"?',
  ],
  [
    "default_fallbacks: [entirely-different]",
    '6:23: error: "entirely-different" is no model_name in model_list: add it there, or correct the name',
  ],
  [
    "context_window_fallbacks: [{ gpt-4: [claude] }]",
    '6:32: warning: "gpt-4" is no model_name in model_list: did you mean "gpt-4.1"?',
  ],
  [
    "model_group_alias: { x: claud }",
    '6:24: error: "claud" is no model_name in model_list: did you mean "claude"?',
  ],
  ["model_group_alias: { x: { hidden: true } }", '6:24: error: "model" is missing in "x"'],
  [
    "model_group_alias: { claude: gpt-4.1 }",
    '6:24: warning: "claude" is a model_name in model_list, which goes before',
  ],
  ["num_retrys: 1", '6:3: warning: unknown key "num_retrys": did you mean "num_retries"?'],
  ["retry_policy: {}", '6:3: warning: "retry_policy" has no effect in this version of Keyward'],
  ["routing_strategy: least-busy", '6:3: warning: "routing_strategy" has no effect'],
])("router_settings with %s are told of, with the place", async (line, expected) => {
  const { lines } = await read(`${models}environment_variables: {}\nrouter_settings:\n  ${line}\n`);
  expect(lines).toEqual([expect.stringContaining(expected)]);
  expect(lines[0]?.startsWith(expected.slice(0, 4))).toBe(true);
});

test("litellm_settings are told of in the same way, and so are deployments", async () => {
  const { lines } = await read(`model_list:
  - { model_name: a, litellm_params: { model: openai/a, mock_response: A., wieght: 1, rpm: lots } }
litellm_settings: { drop_params: true, fallbacks: [{ a: [b] }] }
`);
  expect(lines).toEqual([
    '2:76: warning: unknown key "wieght": did you mean "weight"?',
    '2:87: error: "rpm" must be a number, 0 or above',
    '3:21: warning: "drop_params" has no effect in this version of Keyward',
    '3:58: error: "b" is no model_name in model_list: did you mean "a"?',
  ]);
});

test("a fallback that a reference leads to is not quoted", async () => {
  const { lines } = await read(
    `${models}router_settings: { default_fallbacks: [os.environ/NAME] }\n`,
    "NAME=sk-canary-4711\n",
  );
  expect(lines).toEqual([expect.stringMatching(/^4:40: error: "\[secret\]" is no model_name/)]);
});

test("models that cannot be read are told of without their fallbacks", async () => {
  const { lines } = await read("model_list: [a]\nrouter_settings: { default_fallbacks: [a] }\n");
  expect(lines).toEqual([expect.stringMatching(/^1:14: error: entry 1 of "model_list" must be a mapping/)]);
});
