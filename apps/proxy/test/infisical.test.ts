import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { credentials, projectId } from "../../../packages/infisical/test/api.ts";
import { type FakeInfisical, startInfisical } from "../../../packages/infisical/test/server.ts";
import { addressOf, ask, keyward } from "./command.ts";
import { type FakeOpenAi, fakeOpenAi } from "./fake-openai.ts";
import { type Files, files } from "./running-proxy.ts";

let infisical: FakeInfisical;
let upstream: FakeOpenAi;
let folder: Files;
let env: Record<string, string>;

beforeEach(async () => {
  infisical = await startInfisical();
  upstream = await fakeOpenAi(["canary-infisical-1", "canary-infisical-2"]);
  infisical.write("OPENAI_API_KEY", "canary-infisical-1");
  folder = await files();
  env = {
    INFISICAL_CLIENT_ID: credentials.clientId,
    INFISICAL_CLIENT_SECRET: credentials.clientSecret,
    INFISICAL_PROJECT_ID: projectId,
    INFISICAL_ENVIRONMENT: "test",
    INFISICAL_SITE_URL: infisical.siteUrl,
  };
});

afterEach(async () => {
  await infisical.stop();
  await upstream[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const serve = ["--config", "config.yaml", "--port", "0"];
const model = (name: string, key: string) =>
  `{ model_name: ${name}, litellm_params: { model: gpt-3.5-turbo, api_base: "${upstream.url}", api_key: os.environ/${key} } }`;

test.each([
  ["use_infisical", "general_settings: { use_infisical: true }"],
  ["key_management_system", "general_settings: { key_management_system: infisical }"],
  ["secrets.providers", "secrets: { providers: [infisical] }"],
])("a model's key is read from Infisical by %s", async (_, settings) => {
  await folder.write(
    "config.yaml",
    `model_list: [${model("gpt-3.5-turbo", "OPENAI_API_KEY")}]\n${settings}\n`,
  );
  await folder.write(
    ".env",
    Object.entries(env)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
  await using command = keyward(serve, { cwd: folder.folder });
  const url = await addressOf(command);
  await using question = keyward(["--test", "--url", url], { cwd: folder.folder });
  expect(await question.ended).toBe(0);
  expect(question.output.out).toBe("gpt-3.5-turbo: Hello 🌍\n");
  expect(upstream.requests.at(-1)?.headers.authorization).toBe("Bearer canary-infisical-1");
  expect(command.output.out + command.output.error).not.toContain("canary");
});

test("two hundred references cost one request, and so does each look at them", async () => {
  const names = Array.from({ length: 200 }, (_, index) => `KEY_${index}`);
  for (const name of names) infisical.write(name, `canary-${name}`);
  const config = `model_list:\n${names.map((name) => `  - ${model(name, name)}\n`).join("")}
general_settings: { use_infisical: true }
secrets: { poll_interval: 0.3 }
`;
  await folder.write("config.yaml", config);
  await using command = keyward(serve, { cwd: folder.folder, env });
  await addressOf(command);
  expect(infisical.count("list")).toBe(1);
  const started = performance.now();
  await vi.waitFor(() => expect(infisical.count("list")).toBeGreaterThanOrEqual(4));
  // Three looks at 200 secrets: each after at least 0.8 of the interval, the first at any time within it.
  expect(performance.now() - started).toBeGreaterThan(450);
  expect(infisical.count("get")).toBe(0);
});

test("a value that changes is in use within the polling interval, and no request fails", async () => {
  const config = `model_list: [${model("a", "OPENAI_API_KEY")}]
general_settings: { use_infisical: true }
secrets: { poll_interval: 0.2 }
`;
  await folder.write("config.yaml", config);
  await using command = keyward(serve, { cwd: folder.folder, env });
  const url = await addressOf(command);
  expect(await ask(url, "a")).toBe(200);
  infisical.write("OPENAI_API_KEY", "canary-infisical-2");
  await vi.waitFor(async () => {
    expect(await ask(url, "a")).toBe(200);
    expect(upstream.requests.at(-1)?.headers.authorization).toBe("Bearer canary-infisical-2");
  });
  expect(command.output.out + command.output.error).not.toContain("canary");
});

test("two folders are two stores with ids of their own", async () => {
  infisical.makeFolder("test", "/eu");
  infisical.write("OPENAI_API_KEY", "canary-infisical-2", "test", "/eu");
  const config = `model_list: [${model("a", "OPENAI_API_KEY").replace("os.environ/", "secret://eu/")}]
secrets:
  providers: [{ infisical: { id: eu, secret_path: /eu } }, infisical]
`;
  await folder.write("config.yaml", config);
  await using command = keyward(serve, { cwd: folder.folder, env });
  expect(await ask(await addressOf(command), "a")).toBe(200);
  expect(upstream.requests[0]?.headers.authorization).toBe("Bearer canary-infisical-2");
});

test("a store that goes down is told, and its last values stay in use", async () => {
  const config = `model_list: [${model("a", "OPENAI_API_KEY")}]
general_settings: { use_infisical: true }
secrets: { poll_interval: 0.1, deadline: 5, cache: { ttl: 0.1 } }
`;
  await folder.write("config.yaml", config);
  await using command = keyward(serve, { cwd: folder.folder, env });
  const url = await addressOf(command);
  await infisical.stop();
  await vi.waitFor(
    async () => {
      expect(await ask(url, "a")).toBe(200);
      expect(command.output.error).toMatch(
        /^Listing the secrets in infisical\(.*\) failed: unavailable, unreachable$/m,
      );
      expect(command.output.error).toMatch(
        /^Secret OPENAI_API_KEY in infisical\(.*\) cannot be read now: its last value stays in use$/m,
      );
    },
    { timeout: 10_000 },
  );
  for (let call = 0; call < 5; call++) expect(await ask(url, "a")).toBe(200);
  expect(command.output.error.match(/cannot be read now/g)).toHaveLength(1);
  expect(command.output.error).not.toContain("canary");
});

test("a configuration that was replaced asks its stores no more, though a request still runs with it", async () => {
  const config = (id: string) => `model_list: [${model(id, "OPENAI_API_KEY")}]
general_settings: { use_infisical: true }
secrets: { poll_interval: 0.2 }
`;
  await folder.write("config.yaml", config("a"));
  await using command = keyward(serve, { cwd: folder.folder, env });
  const url = await addressOf(command);
  const arrived = new Promise<() => void>((resolve) => {
    upstream.instead = (response) => resolve(() => response.end("{}"));
  });
  const underWay = ask(url, "a");
  const finish = await arrived;
  await folder.write("config.yaml", config("b"));
  await command.until(/^Reloaded/m);
  const lists = infisical.count("list");
  const started = performance.now();
  await vi.waitFor(() => expect(infisical.count("list")).toBe(lists + 5), { interval: 5, timeout: 5_000 });
  // Two that look would need half of this: one does, every 0.16 s at the least.
  expect(performance.now() - started).toBeGreaterThan(4 * 160);
  finish();
  expect(await underWay).toBe(200);
});
