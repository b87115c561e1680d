import { existsSync } from "node:fs";
import { rm, utimes, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answering, askedByHand, type Meeting, notAsked, openMeeting } from "../../test/sharing-members.ts";
import { takeLead } from "./take-lead.ts";

const { signal } = new AbortController();

let meeting: Meeting;
beforeEach(async () => {
  meeting = await openMeeting();
});
afterEach(() => meeting[Symbol.asyncDispose]());

describe("when the leader ends", () => {
  test("another leads, which knows what it has found out itself", async () => {
    const [first, second] = [meeting.member(), meeting.member()];
    await first.obtain("a", answering("one"), signal);
    await second.obtain("b", answering("b"), signal);
    await first.close();
    await second.obtain("a", answering("two"), signal);
    await expect(meeting.member().obtain("a", notAsked, signal)).resolves.toMatchObject({ text: "two" });
  });

  test("those who wait for it ask once between them", async () => {
    const [leader, other, third] = [meeting.member(), meeting.member(), meeting.member()];
    const { asked, ask } = askedByHand();
    const first = leader.obtain("a", ask, signal);
    await expect.poll(() => asked.length).toBe(1);
    const waiting = [other.obtain("a", ask, signal), third.obtain("a", ask, signal)];
    await leader.close();
    await expect.poll(() => asked.length).toBe(2);
    for (const answer of asked) answer.resolve("text");
    await expect(Promise.all([first, ...waiting])).resolves.toHaveLength(3);
    expect(asked).toHaveLength(2);
  });

  test("who is closed while it takes the lead does not lead", async () => {
    const first = meeting.member();
    const obtained = first.obtain("a", answering("text"), signal);
    while (!existsSync(meeting.place.lock)) await setImmediate();
    await first.close();
    await obtained;
    await expect.poll(() => existsSync(meeting.place.lock) || existsSync(meeting.place.socket)).toBe(false);
  });

  test("who did not see that another has taken its place does not take it away", async () => {
    const lead = () => takeLead(meeting.place, () => {});
    const servers = [...(await Promise.all([lead(), lead()])), await lead()];
    for (const server of servers) server?.close();
    expect(servers.filter((server) => server !== undefined)).toHaveLength(1);
  });
});

describe("a lock that a killed process left behind", () => {
  test.each([
    ["long ago", -60_000],
    ["before the clock was set back", 60_000],
  ])("%s is taken away", async (_what, offset) => {
    const { lock } = meeting.place;
    await writeFile(lock, "");
    await utimes(lock, new Date(), new Date(Date.now() + offset));
    await meeting.member().obtain("a", answering("text"), signal);
    await expect(meeting.member().obtain("a", notAsked, signal)).resolves.toMatchObject({ text: "text" });
  });

  test("just now is waited for", async () => {
    await writeFile(meeting.place.lock, "");
    const obtained = meeting.member().obtain("a", answering("text"), signal);
    await setImmediate();
    await rm(meeting.place.lock);
    await obtained;
    await expect(meeting.member().obtain("a", notAsked, signal)).resolves.toMatchObject({ text: "text" });
  });
});

test("a leader is not moved by gibberish, nor by answers that it did not ask for", async () => {
  await meeting.member().obtain("a", answering("text"), signal);
  const claim = (id: number) => `{"kind":"claim","id":${id},"identity":"b","maxAgeMs":1}\n`;
  const told = (id: number) => `{"kind":"told","id":${id},"text":"forged"}\n`;
  await expect(say("\n")).resolves.toBe("");
  await expect(say("x\n")).resolves.toBe("");
  await expect(say('{"kind":"claim"}\n')).resolves.toBe("");
  await expect(say("x".repeat(1e6))).resolves.toBe("");
  await expect(say(told(1))).resolves.toBe("");
  await expect(say(claim(1) + claim(2))).resolves.toBe('{"kind":"yours","id":1}\n{"kind":"wait","id":2}\n');
  await expect(say(claim(1) + told(2))).resolves.toBe('{"kind":"yours","id":1}\n');
  await expect(meeting.member().obtain("b", answering("text"), signal)).resolves.toMatchObject({
    text: "text",
  });
});

/** What the leader answers to something said before the connection ends. */
function say(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(meeting.place.socket);
    let heard = "";
    socket.setEncoding("utf8").on("data", (chunk) => {
      heard += chunk;
    });
    socket.on("error", () => {}); // It may hang up before it has heard all.
    socket.on("close", () => resolve(heard));
    socket.end(text);
  });
}
