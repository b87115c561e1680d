import { expect, test } from "vitest";
import { files, load } from "../../test/running-proxy.ts";
import { createLog, Metrics, startServer } from "../index.ts";

class BrokenMetrics extends Metrics {
  override modelCalled(): void {
    throw new TypeError("a fault of this program");
  }
}

test("a fault behind a request's body is an answer and a line in the log, without the query", async () => {
  const yaml =
    "model_list:\n  - { model_name: hello, litellm_params: { model: openai/x, mock_response: Hi } }\n";
  await using folder = await files({ "config.yaml": yaml });
  const config = await load(folder);
  const lines: string[] = [];
  const log = createLog({ redact: (text) => text, error: (text) => void lines.push(text) });
  const server = await startServer({ config, port: 0, host: "127.0.0.1", log, metrics: new BrokenMetrics() });
  try {
    const url = `http://127.0.0.1:${server.port}/v1/chat/completions?key=in-the-query`;
    const response = await fetch(url, { method: "POST", body: '{"model":"hello"}' });
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ error: { code: "internal_error" } });
    expect(lines.join("")).toMatch(
      /^internal error in POST \/v1\/chat\/completions: TypeError: a fault of this program/,
    );
  } finally {
    await server.close(0);
    await config.secrets.close();
  }
});
