import { afterEach, describe, expect, test } from "vitest";
import { at, busy, closeAll, good, limited, setUp, untilClosed, upstream } from "../../test/routed-engine.ts";
import { upstreamServer } from "../../test/upstream-server.ts";

afterEach(closeAll);

describe("retries", () => {
  test("asks the same deployment again after a wait that doubles", async () => {
    const server = await upstream(busy, busy, good);
    const { ask, clock, waiting, events } = setUp([at("m", server)]);
    const answer = ask();
    await waiting();
    clock.pass(500);
    await waiting();
    clock.pass(1_000);
    expect((await answer).text).toBe(good.body);
    expect(clock.waits).toEqual([500, 1_000]);
    expect(events.map(({ type, status }) => [type, status])).toEqual([
      ["retried", 503],
      ["retried", 503],
    ]);
  });

  test("ends with the upstream's own words when the attempts are used up", async () => {
    const server = await upstream(busy);
    const { ask, clock, waiting } = setUp([at("m", server)], { numRetries: 1 });
    const answer = ask();
    await waiting();
    clock.pass(500);
    expect(await answer).toMatchObject({ status: 503, text: busy.body });
    expect(server.calls()).toBe(2);
  });

  test("waits as long as the upstream asks for, and no shorter than retryAfterMs", async () => {
    const server = await upstream({ ...limited, headers: { "retry-after": "7" } }, busy, good);
    const { ask, clock, waiting } = setUp([at("m", server)], { retryAfterMs: 3_000 });
    const answer = ask();
    await waiting();
    clock.pass(7_000);
    await waiting();
    clock.pass(3_000);
    expect((await answer).status).toBe(200);
    expect(clock.waits).toEqual([7_000, 3_000]);
  });

  test("does not hang for an upstream that asks for more than a minute: the caller is told", async () => {
    const server = await upstream({ ...limited, headers: { "retry-after": "61" } });
    const { ask, clock } = setUp([at("m", server)]);
    const recorder = await ask();
    expect(recorder.status).toBe(429);
    expect(recorder.header("retry-after")).toBe("61");
    expect(clock.waits).toEqual([]);
  });

  test.each([400, 401, 403, 404, 422])(
    "does not ask the only deployment again after a %i",
    async (status) => {
      const server = await upstream({ status, body: "{}" }, good);
      const { ask } = setUp([at("m", server)]);
      expect((await ask()).status).toBe(status);
      expect(server.calls()).toBe(1);
    },
  );

  test("asks another deployment at once", async () => {
    const first = await upstream(busy);
    const second = await upstream(good);
    const { ask, clock } = setUp([at("m", first), at("m", second)]);
    expect((await ask()).status).toBe(200);
    expect(clock.waits).toEqual([]);
    expect([first.calls(), second.calls()]).toEqual([1, 1]);
  });

  test("a refused key or an unknown model sends the call elsewhere", async () => {
    const first = await upstream({ status: 401, body: "{}" });
    const second = await upstream({ status: 404, body: "{}" });
    const third = await upstream(good);
    const { ask } = setUp([at("m", first), at("m", second), at("m", third)]);
    expect((await ask()).status).toBe(200);
    expect([first.calls(), second.calls(), third.calls()]).toEqual([1, 1, 1]);
  });

  test("nobody is asked again once a byte has reached the caller", async () => {
    const cut = await upstream({ status: 200, body: "data", headers: { "content-length": "9" } });
    const other = await upstream(good);
    const { send } = setUp([at("m", cut), at("m", other)]);
    const { recorder } = send("m", { stream: true });
    await recorder.done;
    expect(recorder.text).toBe("data");
    expect(recorder.error).toMatchObject({ code: "upstream_interrupted" });
    expect(other.calls()).toBe(0);
  });

  test("a caller that leaves during a wait is waited for no longer", async () => {
    const server = await upstream(busy, good);
    const { send, clock, waiting } = setUp([at("m", server)]);
    const { exchange, recorder } = send();
    await waiting();
    exchange.cancel();
    expect(clock.pending).toBe(0);
    expect(server.calls()).toBe(1);
    expect(recorder.status).toBeUndefined();
  });

  test("a deployment has its own number of retries", async () => {
    const server = await upstream(busy, good);
    const { ask } = setUp([at("m", server, { numRetries: 0 })]);
    expect((await ask()).status).toBe(503);
  });
});

test("streamTimeoutMs is for calls that stream", async () => {
  const silent = untilClosed(await upstreamServer(() => {}));
  const { send } = setUp([{ name: "m", model: "openai/x", apiBase: silent.url }], {
    numRetries: 0,
    timeoutMs: 600_000,
    streamTimeoutMs: 20,
  });
  const patient = send("m");
  expect((await send("m", { stream: true }).recorder.done).error).toMatchObject({ code: "upstream_timeout" });
  expect(patient.recorder.error).toBeUndefined();
  patient.exchange.cancel();
});
