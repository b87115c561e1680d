import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { type Files, files, load } from "../../test/running-proxy.ts";
import { ConfigError } from "./problem.ts";

/** The lines that a configuration is refused with, without the name of the file. */
async function mistakes(yaml: string, env = ""): Promise<string[]> {
  await using folder = await files({ "config.yaml": yaml, ".env": env });
  try {
    const { secrets } = await load(folder);
    await secrets.close();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split("\n").map((line) => {
      expect(line.startsWith(`${folder.path("config.yaml")}:`)).toBe(true);
      return line.slice(folder.path("config.yaml").length + 1);
    });
  }
  throw new Error("the configuration was taken");
}

async function loaded<T>(
  yaml: string,
  env: string,
  look: (config: Awaited<ReturnType<typeof load>>) => T,
): Promise<T> {
  await using folder: Files = await files({ "config.yaml": yaml, ".env": env });
  const config = await load(folder);
  try {
    return await look(config);
  } finally {
    await config.secrets.close();
  }
}

test("the first example of the reference, as it stands, is told which line to move where", async () => {
  const text = await readFile(new URL("../../test/reference-azure.txt", import.meta.url), "utf8");
  const [indent] = await mistakes(text);
  expect(indent).toBe(
    '3:9: error: "litellm_params" begins in column 9, but "model_name", which belongs to the same mapping, ' +
      'in column 7: move "litellm_params" and all that is under it 2 spaces to the left',
  );
});

test("the Google example of the reference needs no models", async () => {
  const yaml =
    "general_settings:\n  database_url: os.environ/PROXY_DATABASE_URL_ENCRYPTED\n  master_key: sk-1234\n";
  const url = "postgresql://user:canary-pass@db.example/name";
  const config = await loaded(
    yaml,
    `PROXY_DATABASE_URL_ENCRYPTED=${url}`,
    async ({ masterKey, models, books: { place } }) => ({
      masterKey,
      models,
      url: place.kind === "postgres" ? await place.url() : undefined,
    }),
  );
  expect(config).toEqual({ masterKey: "sk-1234", models: [], url });
});

test("a missing secret is told with the place that wants it", async () => {
  const yaml =
    "model_list:\n  - model_name: a\n    litellm_params:\n      model: gpt-4o\n      api_key: os.environ/NOT_THERE\n";
  expect(await mistakes(yaml)).toEqual([
    '5:7: error: "NOT_THERE" was not found in dotenv(.env, .env.local). Add it there, or correct the name.',
  ]);
});

test("three missing secrets and other mistakes are told at once, in the order of the file", async () => {
  const yaml = `model_list:
  - model_name: a
    litellm_params:
      model: gpt-4o
      api_key: os.environ/ONE
      timeout: soon
  - model_name: b
    litellm_params:
      model: azure/deployment
      api_base: os.environ/TWO
  - litellm_params: { model: nobody/knows }
general_settings:
  master_key: os.environ/THREE
  use_google_kms: maybe
`;
  const lines = await mistakes(yaml);
  expect(lines.map((line) => /^(\d+:\d+): error: (.*)/.exec(line)?.slice(1))).toEqual([
    ["5:7", expect.stringContaining('"ONE"')],
    ["6:7", '"timeout" must be a number of seconds, above 0 and at most 2147483'],
    [
      "8:5",
      expect.stringContaining('without "api_key" a model of azure takes AZURE_API_KEY, but "AZURE_API_KEY"'),
    ],
    ["10:7", expect.stringContaining('"TWO"')],
    ["11:5", '"model_name" is missing in entry 3 of "model_list"'],
    ["11:23", expect.stringContaining('"nobody/knows" names no provider that is known')],
    ["13:3", expect.stringContaining('"THREE"')],
    ["14:3", '"use_google_kms" must be true or false'],
  ]);
});

test.each([
  ["HTML", "<html><body>Not found</body></html>", "1:1: error: not a configuration"],
  ["a list", "- model_name: a\n", "1:1: error: not a configuration"],
  ["a tab", "model_list:\n\t- model_name: a\n", "2:2: error: not valid YAML: indent with spaces"],
  ["an open bracket", "model_list: [\n", "error: not valid YAML"],
  ["a colon too many", "a: b: c\n", "1:4: error: not valid YAML: there is a second colon"],
  ["a key twice", "model_list: []\nmodel_list: []\n", "2:1: error: not valid YAML: this key is there twice"],
  ["an alias of nothing", "model_list: *nobody\n", "1:13: error: not valid YAML: this alias names no anchor"],
  ["an alias of itself", "model_list: &a [*a]\n", "1:17: error: not valid YAML: this alias names no anchor"],
  [
    "a reserved sign",
    "general_settings:\n  master_key: @x\n",
    "2:15: error: not valid YAML: put the text in quotes",
  ],
])("%s is no configuration", async (_, text, expected) => {
  expect((await mistakes(text)).join("\n")).toContain(expected);
});

test("no message quotes what may be a key", async () => {
  const canary = "sk-canary-0001";
  const texts = [
    `general_settings:\n  master_key: "${canary}" ${canary}\n`,
    `general_settings:\n  master_key: *${canary}\n`,
    `general_settings:\n  master_key: "${canary} \\q"\n`,
    `general_settings:\n  master_key: [${canary}]\n`,
    `general_settings:\n  master_key: !${canary} x\n  y: [\n`,
    `general_settings:\n  master_key: "${canary} with spaces"\n`,
  ];
  for (const text of texts) expect((await mistakes(text)).join("\n")).not.toContain(canary);
});

test("an unknown key is a warning with the nearest name", async () => {
  const yaml = "model_lst: []\ngeneral_settings:\n  master_keys: a\n  entirely_different: 1\n";
  const warnings = await loaded(yaml, "", ({ warnings }) => warnings);
  expect(warnings.map(({ severity, line, column, message }) => [severity, line, column, message])).toEqual([
    ["warning", 1, 1, 'unknown key "model_lst": did you mean "model_list"?'],
    ["warning", 3, 3, 'unknown key "master_keys": did you mean "master_key"?'],
    [
      "warning",
      4,
      3,
      expect.stringMatching(/^unknown key "entirely_different": known here are master_key, /),
    ],
  ]);
});

test("a database URL that is none is told without it, wherever it comes from", async () => {
  const text = "general_settings: { database_url: os.environ/URL }\n";
  expect(await mistakes(text, "URL=mysql://user:canary-pass@host/name")).toEqual([
    expect.stringMatching(/^1:21: error: "database_url" must be the URL of a PostgreSQL: (?!.*canary)/),
  ]);
});

test("costs are read from model_info, then litellm_params, and only where they are numbers", async () => {
  const model = (info: string) =>
    `model_list: [{ model_name: a, litellm_params: { model: openai/a, mock_response: A., input_cost_per_token: 1 }, model_info: { ${info} } }]\n`;
  const models = await loaded(
    model("input_cost_per_token: 2.5e-6, mode: chat"),
    "",
    ({ books }) => books.models,
  );
  expect(models).toMatchObject([{ name: "a", inputCostPerToken: 2.5e-6, outputCostPerToken: undefined }]);
  expect(await mistakes(model("output_cost_per_token: cheap"))).toEqual([
    expect.stringContaining('"output_cost_per_token" must be a number of dollars'),
  ]);
});

test("what has no effect yet is told", async () => {
  const warnings = await loaded("router_settings:\n  retry_policy: {}\n", "", ({ warnings }) => warnings);
  expect(warnings[0]).toMatchObject({
    severity: "warning",
    line: 2,
    message: expect.stringContaining("no effect"),
  });
});

test("an empty master key guards nothing and is refused", async () => {
  expect(await mistakes("general_settings:\n  master_key: os.environ/EMPTY\n", "EMPTY=")).toEqual([
    expect.stringMatching(/^2:3: error: "master_key" must be/),
  ]);
});

test("a configuration that does not exist says so in one line", async () => {
  await using folder = await files();
  await expect(load(folder)).rejects.toThrow(
    `${folder.path("config.yaml")} does not exist: name a configuration with --config <file>`,
  );
});

test("environment_variables come before the stores, and may refer to them", async () => {
  const yaml = `environment_variables:
  DIRECT: direct-value
  ALIAS: os.environ/STORED
  STORED_TOO: os.environ/STORED_TOO
model_list:
  - { model_name: a, litellm_params: { model: gpt-4o, api_key: os.environ/DIRECT } }
  - { model_name: b, litellm_params: { model: gpt-4o, api_key: os.environ/ALIAS } }
  - { model_name: c, litellm_params: { model: gpt-4o, api_key: os.environ/STORED_TOO } }
`;
  const env = "DIRECT=from-env\nSTORED=stored-value\nSTORED_TOO=too-value\n";
  const keys = await loaded(yaml, env, ({ models }) =>
    Promise.all(models.map(({ apiKey }) => apiKey?.read())),
  );
  expect(keys).toEqual(["direct-value", "stored-value", "too-value"]);
});

test("keys written into the file are masked like any other", async () => {
  const yaml = `model_list: [{ model_name: a, litellm_params: { model: gpt-4o, api_key: sk-literal-1 } }]
general_settings: { master_key: sk-literal-2 }
`;
  const text = await loaded(yaml, "", async ({ secrets, models }) => {
    expect(await models[0]?.apiKey?.read()).toBe("sk-literal-1");
    return secrets.redact("sk-literal-1 and sk-literal-2");
  });
  expect(text).toBe("[secret] and [secret]");
});

test("a key for one host does not go to another unasked", async () => {
  const yaml =
    "model_list: [{ model_name: a, litellm_params: { model: openai/x, api_base: http://localhost:1/v1 } }]\n";
  const { models, warnings } = await loaded(yaml, "OPENAI_API_KEY=sk-x", (config) => config);
  expect(models[0]?.apiKey).toBeUndefined();
  expect(warnings[0]?.message).toContain('add "api_key: os.environ/OPENAI_API_KEY"');
});

test("anchors and merges are what YAML says", async () => {
  const yaml = `model_list:
  - model_name: a
    litellm_params: &base { model: gpt-4o, api_key: os.environ/K, api_base: "https://a.example/v1" }
  - model_name: b
    litellm_params:
      <<: *base
      api_base: https://b.example/v1
`;
  const models = await loaded(yaml, "K=k", (config) => config.models);
  expect(models.map(({ apiBase, model }) => [model, apiBase])).toEqual([
    ["gpt-4o", "https://a.example/v1"],
    ["gpt-4o", "https://b.example/v1"],
  ]);
});

test.each([
  ["a name", "[dotenv]", undefined],
  ["options", "[{ dotenv: { override: true } }]", undefined],
  ["an unknown store", "[dotenvv]", '1:24: error: unknown key "dotenvv": did you mean "dotenv"?'],
  ["an unknown option", "[{ dotenv: { overide: true } }]", 'did you mean "override"?'],
  ["options that contradict", "[{ dotenv: { path: a, mode: b } }]", "`mode` chooses among the default files"],
])("secrets.providers takes %s", async (_, providers, expected) => {
  const yaml = `secrets: { providers: ${providers} }\nmodel_list: 1\n`;
  const lines = await mistakes(yaml);
  if (expected === undefined)
    expect(lines).toEqual(['2:1: error: "model_list" must be a list: begin each entry with "- "']);
  else expect(lines.join("\n")).toContain(expected);
});

test("a store that cannot be opened is told, and its secrets are not looked for elsewhere", async () => {
  const yaml = "general_settings:\n  key_management_system: infisical\n  master_key: os.environ/ELSEWHERE\n";
  expect(await mistakes(yaml)).toEqual([
    expect.stringMatching(/^2:3: error: infisical\(\): projectId is missing/),
  ]);
});
