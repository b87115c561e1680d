import { expect, vi } from "vitest";
import {
  createEngine,
  type Engine,
  type ModelOptions,
  type RouteEvent,
  type RouterSettings,
  readRequestHead,
} from "../src/index.ts";
import { ManualClock } from "./manual-clock.ts";
import { Recorder } from "./recorder.ts";
import { type Answer, type ScriptedUpstream, scriptedUpstream } from "./scripted-upstream.ts";

export const good: Answer = { status: 200, body: '{"good":true}' };
export const busy: Answer = { status: 503, body: '{"error":{"message":"busy"}}' };
export const limited: Answer = { status: 429, body: '{"error":{"message":"slow down"}}' };
export const wrong: Answer = { status: 400, body: '{"error":{"message":"no"}}' };

const closing: AsyncDisposable[] = [];

/** For `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const one of closing.splice(0).reverse()) await one[Symbol.asyncDispose]();
}

export async function upstream(...answers: Answer[]): Promise<ScriptedUpstream> {
  return untilClosed(await scriptedUpstream(...answers));
}

export function untilClosed<T extends AsyncDisposable>(resource: T): T {
  closing.push(resource);
  return resource;
}

export function at(name: string, { url }: { url: string }, more: Partial<ModelOptions> = {}): ModelOptions {
  return { name, model: "openai/wire", apiBase: url, ...more };
}

/** An engine whose time and chance are the test's. */
export function setUp(models: ModelOptions[], settings: RouterSettings = {}, random = () => 0) {
  const clock = new ManualClock();
  const events: RouteEvent[] = [];
  const onEvent = (event: RouteEvent) => events.push(event);
  const engine: Engine = createEngine({ models, settings, redact: String, clock, random, onEvent });
  untilClosed({ [Symbol.asyncDispose]: () => engine.destroy() });
  const send = (model = "m", body: object = {}) => {
    const recorder = new Recorder();
    const head = readRequestHead(Buffer.from(JSON.stringify({ model, ...body })));
    const exchange = engine.send({ operation: "/chat/completions", head, headers: [] }, recorder);
    return { recorder, exchange };
  };
  const ask = (model?: string) => send(model).recorder.done;
  const waiting = () => vi.waitFor(() => expect(clock.pending).toBe(1), { interval: 1 });
  return { clock, events, engine, send, ask, waiting };
}
