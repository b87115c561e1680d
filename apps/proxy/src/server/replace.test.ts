import { expect, test } from "vitest";
import { fakeOpenAi, json } from "../../test/fake-openai.ts";
import { load, masterKey, runningProxy } from "../../test/running-proxy.ts";

const headers = { authorization: `Bearer ${masterKey}` };

function config(upstream: string, name: string, secret: string): string {
  return `
model_list:
  - model_name: ${name}
    litellm_params: { model: openai/${name}, api_base: "${upstream}", api_key: os.environ/${secret} }
general_settings: { master_key: os.environ/MASTER }
`;
}

test("requests under way end with the configuration they began with, whose secrets are closed after them", async () => {
  await using upstream = await fakeOpenAi(["canary-old", "canary-new"]);
  const env = `MASTER=${masterKey}\nOLD=canary-old\nNEW=canary-new\n`;
  await using proxy = await runningProxy(config(upstream.url, "old", "OLD"), env);
  const post = (model: string, key = masterKey) =>
    fetch(`${proxy.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ model }),
    });

  const arrived = new Promise<() => void>((resolve) => {
    upstream.instead = (response) => {
      upstream.instead = undefined;
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: 1\n\n");
      resolve(() => response.end("data: 2\n\n"));
    };
  });
  const underWay = await post("old");
  const finish = await arrived;

  await proxy.files.write("config.yaml", config(upstream.url, "new", "NEW"));
  await proxy.files.write(".env", env.replace(masterKey, "sk-canary-next-master"));
  const before = proxy.config.secrets;
  const next = await load(proxy.files);
  proxy.server.replace(next);

  expect((await post("old", "sk-canary-next-master")).status).toBe(404);
  expect((await post("new")).status).toBe(401);
  expect((await post("new", "sk-canary-next-master")).status).toBe(200);
  expect(upstream.requests.at(-1)?.headers.authorization).toBe("Bearer canary-new");
  expect(await before.get("os.environ/OLD")).toBe("canary-old");

  finish();
  expect(await underWay.text()).toBe("data: 1\n\ndata: 2\n\n");
  await expect.poll(() => before.get("os.environ/OLD").catch(({ code }) => code)).toBe("closed");
  expect(await next.secrets.get("os.environ/NEW")).toBe("canary-new");
  await proxy.server.close(0);
  await next.secrets.close();
});

test("no request fails while configurations are replaced under load", async () => {
  await using upstream = await fakeOpenAi(["canary-key"]);
  upstream.instead = (response) => void setImmediate(() => json(response, 200, { choices: [] }));
  await using proxy = await runningProxy(
    config(upstream.url, "a", "KEY"),
    `MASTER=${masterKey}\nKEY=canary-key\n`,
  );
  const replaced = [proxy.config];
  let going = true;
  const client = async () => {
    const statuses: number[] = [];
    while (going) {
      const init = { method: "POST", headers, body: '{"model":"a"}' };
      const response = await fetch(`${proxy.url}/v1/chat/completions`, init);
      await response.arrayBuffer();
      statuses.push(response.status);
    }
    return statuses;
  };
  const clients = Promise.all(Array.from({ length: 8 }, client));
  for (let round = 0; round < 10; round++) {
    const next = await load(proxy.files);
    proxy.server.replace(next);
    replaced.push(next);
    const served = upstream.requests.length;
    await expect.poll(() => upstream.requests.length).toBeGreaterThan(served + 20);
  }
  going = false;
  const statuses = (await clients).flat();
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  const last = replaced.pop();
  for (const { secrets } of replaced) {
    await expect.poll(() => secrets.get("os.environ/KEY").catch(({ code }) => code)).toBe("closed");
  }
  expect(await last?.secrets.get("os.environ/KEY")).toBe("canary-key");
  await last?.secrets.close();
});
