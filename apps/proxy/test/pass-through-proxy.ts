import { expect } from "vitest";
import { type RecordingFetch, recordingFetch, renamed } from "./recording-fetch.ts";
import { type RecordingUpstream, recordingUpstream } from "./recording-upstream.ts";
import { masterKey, type RunningProxy, runningProxy } from "./running-proxy.ts";

/** A proxy before a recording upstream, with a recording client before it. */
export interface PassThrough extends AsyncDisposable {
  readonly proxy: RunningProxy;
  readonly upstream: RecordingUpstream;
  readonly recording: RecordingFetch;
  /** With `/v1`. */
  readonly baseURL: string;
  /** Expects that the upstream got what the client sent, but for the model, and the client what the upstream sent. */
  expectBytes(answer: string): Promise<void>;
}

/** The name that clients ask for. */
export const alias = "my-alias";

export async function passThrough(key: string): Promise<PassThrough> {
  const upstream = await recordingUpstream();
  const base = `"${upstream.origin}/v1"`;
  const proxy = await runningProxy(
    `
model_list:
  - model_name: ${alias}
    litellm_params: { model: openai/gpt-wire, api_base: ${base}, api_key: os.environ/UPSTREAM_KEY }
general_settings: { master_key: os.environ/MASTER_KEY }
router_settings: { num_retries: 0 }
`,
    `UPSTREAM_KEY=${key}\nMASTER_KEY=${masterKey}\n`,
  );
  const recording = recordingFetch();
  return {
    proxy,
    upstream,
    recording,
    baseURL: `${proxy.url}/v1`,
    async expectBytes(answer) {
      const { body, headers } = upstream.last;
      expect(body.toString()).toBe(renamed(recording.sent(), alias, "gpt-wire").toString());
      expect(headers.authorization).toBe(`Bearer ${key}`);
      expect(JSON.stringify(headers)).not.toContain(masterKey);
      expect((await recording.received()).toString()).toBe(answer);
    },
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}
