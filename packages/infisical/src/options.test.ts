import { expect, test } from "vitest";
import { infisical } from "./index.ts";
import { type InfisicalOptions, settingsFrom } from "./options.ts";

const place = { INFISICAL_PROJECT_ID: "project", INFISICAL_ENVIRONMENT: "prod" };
const pair = { INFISICAL_CLIENT_ID: "id", INFISICAL_CLIENT_SECRET: "secret" };

test("everything can come from the environment", () => {
  const env = {
    ...place,
    ...pair,
    INFISICAL_SITE_URL: "https://infisical.example.com/",
    INFISICAL_SECRET_PATH: "/llm/eu/",
  };
  expect(settingsFrom({ env })).toEqual({
    credentials: { kind: "universal-auth", clientId: "id", clientSecret: "secret" },
    projectId: "project",
    environment: "prod",
    secretPath: "/llm/eu",
    siteUrl: "https://infisical.example.com",
  });
});

test("an empty variable is as good as none", () => {
  const env = {
    ...place,
    INFISICAL_TOKEN: "t",
    INFISICAL_CLIENT_ID: "",
    INFISICAL_SITE_URL: "",
    INFISICAL_SECRET_PATH: "",
  };
  expect(settingsFrom({ env })).toMatchObject({
    credentials: { kind: "token", token: "t" },
    siteUrl: "https://app.infisical.com",
    secretPath: "/",
  });
});

test("options come before variables", () => {
  const env = {
    ...place,
    ...pair,
    INFISICAL_TOKEN: "from env",
    INFISICAL_SITE_URL: "https://env.example.com",
  };
  expect(
    settingsFrom({ env, token: "given", projectId: "mine", siteUrl: "http://127.0.0.1:8080" }),
  ).toMatchObject({
    credentials: { kind: "token", token: "given" },
    projectId: "mine",
    environment: "prod",
    siteUrl: "http://127.0.0.1:8080",
  });
});

test("of the variables, those that can be renewed come first", () => {
  const env = { ...place, ...pair, INFISICAL_TOKEN: "t" };
  expect(settingsFrom({ env }).credentials.kind).toBe("universal-auth");
});

test("process.env is looked at when the provider is made", () => {
  const before = process.env.INFISICAL_PROJECT_ID;
  process.env.INFISICAL_PROJECT_ID = "from-the-process";
  try {
    expect(infisical({ token: "t", environment: "dev" }).name).toBe(
      "infisical(app.infisical.com/from-the-process/dev/)",
    );
  } finally {
    if (before === undefined) delete process.env.INFISICAL_PROJECT_ID;
    else process.env.INFISICAL_PROJECT_ID = before;
  }
});

test("everything missing is named at once", () => {
  expect(() => infisical({ env: {} })).toThrow(
    /INFISICAL_PROJECT_ID.*INFISICAL_ENVIRONMENT.*INFISICAL_CLIENT_ID.*INFISICAL_CLIENT_SECRET/,
  );
  expect(() => infisical({ env: { ...place, INFISICAL_CLIENT_ID: "id" } })).toThrow(
    "INFISICAL_CLIENT_SECRET",
  );
});

test.each<[string, InfisicalOptions]>([
  ["one of them", { token: "t", clientId: "id", clientSecret: "s" }],
  ["siteUrl has no effect", { client: { secrets: () => never() }, siteUrl: "https://x.example" }],
  ["must end", { token: "t", siteUrl: "https://x.example/api/" }],
  ["no user", { token: "t", siteUrl: "https://user:hunter2@x.example" }],
  ["must be an address", { token: "t", siteUrl: "x.example" }],
  ["must be an address", { token: "t", siteUrl: "ftp://x.example" }],
  ["path from the root", { token: "t", secretPath: "/a/../b" }],
  ["path from the root", { token: "t", secretPath: "/a//b" }],
])("a mistake is refused: %s", (message, options) => {
  const make = () => infisical({ env: place, ...options });
  expect(make).toThrow(message === "must end" ? "must not end with /api" : message);
  expect(make).not.toThrow("hunter2");
});

test("what is not supported is refused by its name", () => {
  for (const [option, message] of [
    ["recursive", "one provider per folder"],
    ["path", "the options are client, token"],
  ] as const) {
    const options: InfisicalOptions = { env: place, token: "t", ...{ [option]: true } };
    expect(() => infisical(options)).toThrow(message);
    expect(() => infisical(options)).toThrow(option);
  }
});

test("what is not text is refused, as a YAML file may have it", () => {
  const options: InfisicalOptions = JSON.parse('{"token": 7, "secretPath": true}');
  expect(() => infisical({ env: place, ...options })).toThrow("token must be text; secretPath must be text");
});

function never(): never {
  throw new Error("construction calls nothing");
}
