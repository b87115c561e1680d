import type { DatabasePlace } from "../src/books/database/books-database.ts";
import type { Databases } from "./database-places.ts";
import type { FakeOpenAi } from "./fake-openai.ts";
import { masterKey, type RunningProxy, runningProxy } from "./running-proxy.ts";

export const upstreamKey = "sk-canary-upstream-3";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the proxy answers, looked into by the tests
  readonly body: any;
}

/** A question to the proxy: GET, or POST where there is a body. */
export async function ask(
  proxy: Pick<RunningProxy, "url">,
  path: string,
  body?: object,
  key = masterKey,
): Promise<Answer> {
  const response = await fetch(proxy.url + path, {
    headers: { authorization: `Bearer ${key}` },
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** With a model that has a price of its own, `alias`, and one that has the list's, `other`. */
export async function booksProxy(
  all: Databases,
  upstream: FakeOpenAi,
  kind: DatabasePlace["kind"],
): Promise<RunningProxy> {
  const place = await all.place(kind);
  const url = place.kind === "postgres" ? await place.url() : "";
  return runningProxy(
    `
model_list:
  - model_name: alias
    litellm_params: { model: openai/gpt-4o, api_base: "${upstream.url}", api_key: os.environ/UPSTREAM_KEY }
    model_info: { input_cost_per_token: 0.001, output_cost_per_token: 0.01 }
  - model_name: other
    litellm_params: { model: openai/gpt-4o-mini, api_base: "${upstream.url}", api_key: os.environ/UPSTREAM_KEY }
general_settings:
  master_key: os.environ/MASTER_KEY
${kind === "postgres" ? "  database_url: os.environ/DATABASE_URL" : ""}
`,
    `UPSTREAM_KEY=${upstreamKey}\nMASTER_KEY=${masterKey}\nDATABASE_URL=${url}\n`,
  );
}
