import { setImmediate as turn } from "node:timers/promises";
import { createSecrets, type SecretProvider, type Secrets } from "@keyward/core";
import { afterEach, expect, test } from "vitest";
import { type KeyedUpstream, keyedUpstream } from "../test/keyed-upstream.ts";
import { Recorder } from "../test/recorder.ts";
import { closeAll, untilClosed } from "../test/routed-engine.ts";
import { apiKeyFrom, createEngine, type Engine, readRequestHead } from "./index.ts";

afterEach(closeAll);

/** A store that is asked over a wire, and tells nobody of changes. */
function remoteStore(value: string): SecretProvider & { value: string; reads: number; down: boolean } {
  return {
    name: "remote",
    value,
    reads: 0,
    down: false,
    async readSecret() {
      this.reads++;
      await turn();
      if (this.down) throw new Error("no route");
      return { value: this.value };
    },
    classify: () => "unavailable",
  };
}

function open(store: SecretProvider, upstreams: readonly KeyedUpstream[]): [Engine, Secrets] {
  const secrets = untilClosed(createSecrets({ providers: [store], retry: { attempts: 1 } }));
  const apiKey = apiKeyFrom(secrets, "KEY");
  const models = upstreams.map(({ url }) => ({ name: "m", model: "openai/x", apiBase: url, apiKey }));
  const engine = createEngine({
    models,
    redact: (text) => secrets.redact(text),
    settings: { numRetries: 0 },
  });
  untilClosed({ [Symbol.asyncDispose]: () => engine.destroy() });
  return [engine, secrets];
}

async function ask(engine: Engine, stream = false, model = "m"): Promise<Recorder> {
  const recorder = new Recorder();
  const head = readRequestHead(Buffer.from(JSON.stringify({ model, stream })));
  engine.send({ operation: "/chat/completions", head, headers: [] }, recorder);
  return recorder.done;
}

test.each([401, 403])("a key that is rotated under load costs no request (%i)", async (status) => {
  const store = remoteStore("sk-key-0");
  const upstreams = [
    untilClosed(await keyedUpstream("sk-key-0", status)),
    untilClosed(await keyedUpstream("sk-key-0", status)),
  ];
  const [engine] = open(store, upstreams);
  await ask(engine);
  let running = true;
  const statuses = new Set<number | undefined>();
  const answers = Array.from({ length: 40 }, () => 0);
  const callers = answers.map(async (_, index) => {
    while (running) {
      statuses.add((await ask(engine, index % 2 === 0)).status);
      answers[index] = (answers[index] ?? 0) + 1;
    }
  });
  for (let rotation = 1; rotation <= 10; rotation++) {
    const before = [...answers];
    store.value = `sk-key-${rotation}`;
    for (const upstream of upstreams) upstream.key = store.value;
    // Nobody is promised more than one rotation within a call: each call under way ends before the next.
    while (answers.some((count, index) => count < (before[index] ?? 0) + 3)) await turn();
  }
  running = false;
  await Promise.all(callers);
  expect([...statuses]).toEqual([200]);
  expect(upstreams.reduce((sum, { refusals }) => sum + refusals, 0)).toBeGreaterThanOrEqual(10);
  // One reading at the start, and one for each rotation: however many calls ran into it.
  expect(store.reads).toBe(11);
});

test("a refusal with the key that is still in the store is passed on, without the key", async () => {
  const store = remoteStore("sk-canary-4711");
  const upstream = untilClosed(await keyedUpstream("another"));
  const [engine] = open(store, [upstream]);
  const recorder = await ask(engine);
  expect(recorder.status).toBe(401);
  expect(recorder.text).toContain("Bearer [secret]");
  expect(recorder.text).not.toContain("canary");
  expect([upstream.refusals, store.reads]).toEqual([1, 2]);
});

test("a key that is wrong for good does not wear the store out", async () => {
  const store = remoteStore("sk-wrong");
  const [engine] = open(store, [untilClosed(await keyedUpstream("another"))]);
  for (let call = 0; call < 20; call++) await ask(engine);
  expect(store.reads).toBe(6);
});

test("a call is repeated once: a second refusal is passed on", async () => {
  const store = remoteStore("sk-old");
  const upstream = untilClosed(await keyedUpstream("another"));
  const [engine] = open(store, [upstream]);
  // A store that has another key at every reading would keep a call going for ever.
  const { readSecret } = store;
  store.readSecret = (key, context) => {
    store.value = `sk-wrong-${store.reads}`;
    return readSecret.call(store, key, context);
  };
  expect((await ask(engine)).status).toBe(401);
  expect(upstream.refusals).toBe(2);
});

test("a refusal while the store is down takes no key away from the other models that share it", async () => {
  const store = remoteStore("sk-good");
  const [strict, lenient] = [await keyedUpstream("another", 403), await keyedUpstream("sk-good")];
  untilClosed(strict);
  untilClosed(lenient);
  const secrets = untilClosed(createSecrets({ providers: [store], retry: { attempts: 1 } }));
  const apiKey = apiKeyFrom(secrets, "KEY");
  const models = Object.entries({ strict, lenient }).map(([name, { url }]) => ({
    name,
    model: "openai/x",
    apiBase: url,
    apiKey,
  }));
  const engine = createEngine({ models, redact: String });
  untilClosed({ [Symbol.asyncDispose]: () => engine.destroy() });
  expect((await ask(engine, false, "lenient")).status).toBe(200);
  store.down = true;
  expect((await ask(engine, false, "strict")).status).toBe(403);
  expect((await ask(engine, false, "lenient")).status).toBe(200);
});
