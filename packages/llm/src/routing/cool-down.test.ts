import { afterEach, describe, expect, test } from "vitest";
import { at, busy, closeAll, good, limited, setUp, upstream, wrong } from "../../test/routed-engine.ts";

afterEach(closeAll);

describe("choice", () => {
  test.each([
    ["weight", [{ weight: 3 }, { weight: 1 }], [3, 1]],
    ["weight before rpm", [{ weight: 1, rpm: 9 }, { rpm: 1 }], [4, 0]],
    [
      "rpm before tpm",
      [
        { rpm: 30, tpm: 1 },
        { rpm: 10, tpm: 999 },
      ],
      [3, 1],
    ],
    ["tpm", [{ tpm: 100 }, { tpm: 100 }], [2, 2]],
    ["nothing", [{}, {}], [2, 2]],
  ])("by %s", async (_, options, expected) => {
    const servers = [await upstream(good), await upstream(good)] as const;
    let turn = 0;
    const { ask } = setUp(
      options.map((more, index) => at("m", servers[index === 0 ? 0 : 1], more)),
      {},
      () => (turn++ % 4) / 4,
    );
    for (let call = 0; call < 4; call++) await ask();
    expect(servers.map((server) => server.calls())).toEqual(expected);
  });
});

describe("cool-down", () => {
  test("a deployment at its limits is left alone for as long as it says", async () => {
    const first = await upstream({ ...limited, headers: { "retry-after": "20" } }, good);
    const second = await upstream(good);
    const { ask, clock, events } = setUp([at("m", first), at("m", second)]);
    await ask();
    await ask();
    expect([first.calls(), second.calls()]).toEqual([1, 2]);
    clock.pass(19_999);
    await ask();
    expect(first.calls()).toBe(1);
    clock.pass(1);
    await ask();
    expect(first.calls()).toBe(2);
    expect(events).toContainEqual(
      expect.objectContaining({ type: "cooled_down", status: 429, milliseconds: 20_000 }),
    );
  });

  test("one that fails more often than allowed within a minute is left alone for the cool-down time", async () => {
    const first = await upstream(busy);
    const second = await upstream(good);
    const models = [at("m", first), at("m", second)];
    const { ask, clock } = setUp(models, { allowedFails: 2, cooldownMs: 30_000 });
    for (let call = 0; call < 5; call++) await ask();
    expect(first.calls()).toBe(3);
    clock.pass(30_000);
    await ask();
    expect(first.calls()).toBe(4);
  });

  test("failures of more than a minute ago do not count", async () => {
    const first = await upstream(busy);
    const { ask, clock } = setUp([at("m", first), at("m", await upstream(good))], { allowedFails: 1 });
    for (let call = 0; call < 4; call++) {
      await ask();
      clock.pass(60_000);
    }
    expect(first.calls()).toBe(4);
  });

  test("what the caller did wrong is not counted", async () => {
    const first = await upstream(wrong);
    const { ask } = setUp([at("m", first), at("m", await upstream(good))], { allowedFails: 0 });
    for (let call = 0; call < 3; call++) expect((await ask()).status).toBe(400);
  });

  test("the only deployment is not left alone, unless allowedFails is set", async () => {
    const server = await upstream(limited, good);
    const { ask } = setUp([at("m", server)], { numRetries: 0 });
    expect((await ask()).status).toBe(429);
    expect((await ask()).status).toBe(200);
    const other = await upstream(limited, good);
    const strict = setUp([at("m", other)], { numRetries: 0, allowedFails: 0 });
    expect((await strict.ask()).status).toBe(429);
    expect((await strict.ask()).error).toMatchObject({
      code: "no_deployment_available",
      status: 429,
      retryAfterMs: 5_000,
    });
    strict.clock.pass(5_000);
    expect((await strict.ask()).status).toBe(200);
  });

  test("disableCooldowns leaves nobody alone", async () => {
    const server = await upstream(limited, good);
    const settings = { numRetries: 0, allowedFails: 0, disableCooldowns: true };
    const { ask } = setUp([at("m", server)], settings);
    await ask();
    expect((await ask()).status).toBe(200);
  });
});
