import { setTimeout as delay, setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { answering, askedByHand, type Meeting, notAsked, openMeeting } from "../../test/sharing-members.ts";

const { signal } = new AbortController();

let meeting: Meeting;
beforeEach(async () => {
  meeting = await openMeeting();
});
afterEach(() => meeting[Symbol.asyncDispose]());

describe("what one has decrypted", () => {
  test("the others get without asking, and with its age", async () => {
    const [first, second] = [meeting.member(), meeting.member()];
    await first.obtain("a", answering("text"), signal);
    first.memory.keep("a", { text: "text", ageMs: 5_000 });
    const known = await second.obtain("a", notAsked, signal);
    expect(known).toMatchObject({ text: "text" });
    expect(Object(known).ageMs).toBeGreaterThanOrEqual(5_000);
  });

  test("the leader gets too, if another has found it out", async () => {
    const [leader, other] = [meeting.member(), meeting.member()];
    await leader.obtain("a", answering("a"), signal);
    await other.obtain("b", answering("b"), signal);
    await expect(leader.obtain("b", notAsked, signal)).resolves.toMatchObject({ text: "b" });
    await expect(meeting.member().obtain("b", notAsked, signal)).resolves.toMatchObject({ text: "b" });
  });

  test("is not used where it is too old", async () => {
    const [first, second] = [meeting.member(), meeting.member({}, 1_000)];
    await first.obtain("a", answering("old"), signal);
    first.memory.keep("a", { text: "old", ageMs: 1_000 });
    await expect(second.obtain("a", answering("new"), signal)).resolves.toMatchObject({ text: "new" });
    await expect.poll(() => first.memory.find("a")).toMatchObject({ text: "new" });
  });

  test.each([
    ["says so", 60_000, 0],
    ["took so long to say it", 0, 60],
  ])("is not used where it is too old because the leader %s", async (_what, ageMs, afterMs) => {
    await meeting.stranger((socket) => {
      const known = JSON.stringify({ kind: "known", id: 1, text: "old", ageMs });
      delay(afterMs).then(() => socket.write(`${known}\n`));
    });
    const asking = meeting.member({}, 50);
    await expect(asking.obtain("a", answering("new"), signal)).resolves.toMatchObject({ text: "new" });
  });

  test("is as old for the leader as if it had been asked for when the claim was granted", async () => {
    const [leader, other] = [meeting.member(), meeting.member()];
    await leader.obtain("first", answering("text"), signal);
    await other.obtain("a", () => delay(200, "text"), signal);
    const known = await vi.waitUntil(() => leader.memory.find("a"), { interval: 10 });
    expect(known.ageMs).toBeGreaterThan(150);
  });

  test.each([
    ["empty", ""],
    ["with all that JSON escapes", 'line\nbreaks\u2028, "quotes" and \0'],
    ["beyond ASCII", "🌍 é"],
    ["as long as can be, and escaped", "\0".repeat(65_536)],
  ])("arrives as it is: %s", async (_what, text) => {
    const [leader, other] = [meeting.member(), meeting.member()];
    await leader.obtain("first", answering("text"), signal);
    await other.obtain("a", answering(text), signal);
    await expect(meeting.member().obtain("a", notAsked, signal)).resolves.toMatchObject({ text });
  });

  test("may be used for ever", async () => {
    const forEver = () => meeting.member({}, Number.POSITIVE_INFINITY);
    await forEver().obtain("a", answering("text"), signal);
    await expect(forEver().obtain("a", notAsked, signal)).resolves.toMatchObject({ text: "text" });
  });
});

describe("those who want the same at once", () => {
  test("ask once between them, also about hundreds of ciphertexts", async () => {
    let asked = 0;
    const ask = (text: string) => async () => {
      asked += 1;
      await setImmediate();
      return text;
    };
    const identities = Array.from({ length: 300 }, (_, index) => `${index}`);
    const members = Array.from({ length: 10 }, () => meeting.member());
    const known = await Promise.all(
      members.map((member) => Promise.all(identities.map((text) => member.obtain(text, ask(text), signal)))),
    );
    for (const texts of known) expect(texts.map(({ text }) => text)).toEqual(identities);
    expect(asked).toBe(300);
  });

  test.each(["leader", "other"])("each ask for themselves if the %s who asks fails", async (who) => {
    const [leader, other, third] = [meeting.member(), meeting.member(), meeting.member()];
    await leader.obtain("first", answering("text"), signal);
    const { asked, ask } = askedByHand();
    const failing = who === "leader" ? leader : other;
    const failure = failing.obtain("a", ask, signal);
    await expect.poll(() => asked.length).toBe(1);
    const waiting = third.obtain("a", answering("its own"), signal);
    asked[0]?.reject(new Error("denied"));
    await expect(failure).rejects.toThrow("denied");
    await expect(waiting).resolves.toMatchObject({ text: "its own" });
  });

  test("do not wait for who has given up", async () => {
    const [leader, other, third] = [meeting.member(), meeting.member(), meeting.member()];
    await leader.obtain("first", answering("text"), signal);
    const controller = new AbortController();
    const { asked, ask } = askedByHand();
    const untilGivenUp = () => Promise.race([ask(), aborted(controller.signal)]);
    const given = other.obtain("a", untilGivenUp, controller.signal);
    await expect.poll(() => asked.length).toBe(1);
    const waiting = third.obtain("a", answering("its own"), signal);
    controller.abort(new Error("enough"));
    await expect(given).rejects.toThrow("enough");
    await expect(waiting).resolves.toMatchObject({ text: "its own" });
  });

  test("do not wait for who gave up before it could begin", async () => {
    const [leader, other, third] = [meeting.member(), meeting.member(), meeting.member()];
    await leader.obtain("first", answering("text"), signal);
    await other.obtain("second", answering("text"), signal);
    const controller = new AbortController();
    const given = other.obtain("a", notAsked, controller.signal);
    await Promise.resolve();
    controller.abort(new Error("enough"));
    await expect(given).rejects.toThrow("enough");
    await expect(third.obtain("a", answering("its own"), signal)).resolves.toMatchObject({ text: "its own" });
  });

  test("wait no longer than a lease for who is slow, whose answer still counts", async () => {
    const [leader, slow] = [meeting.member({ leaseMs: 50 }), meeting.member()];
    await leader.obtain("first", answering("text"), signal);
    const { asked, ask } = askedByHand();
    const late = slow.obtain("a", ask, signal);
    await expect.poll(() => asked.length).toBe(1);
    await expect(meeting.member().obtain("a", answering("its own"), signal)).resolves.toMatchObject({
      text: "its own",
    });
    asked[0]?.resolve("late");
    await expect(late).resolves.toMatchObject({ text: "late" });
    await expect.poll(() => leader.memory.find("a")).toMatchObject({ text: "late" });
  });

  test("wait no longer than they want to", async () => {
    const [leader, other] = [meeting.member(), meeting.member()];
    const { asked, ask } = askedByHand();
    const first = leader.obtain("a", ask, signal);
    await expect.poll(() => asked.length).toBe(1);
    const controller = new AbortController();
    const waiting = other.obtain("a", notAsked, controller.signal);
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    // That it gave up says nothing of the leader, which it still asks.
    asked[0]?.resolve("text");
    await first;
    await expect(other.obtain("a", notAsked, signal)).resolves.toMatchObject({ text: "text" });
  });
});

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}
