import { chmod, rm, writeFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answering, type Meeting, notAsked, openMeeting } from "../../test/sharing-members.ts";

const { signal } = new AbortController();
const itsOwn = { text: "its own" };

let meeting: Meeting;
beforeEach(async () => {
  meeting = await openMeeting();
});
afterEach(() => meeting[Symbol.asyncDispose]());

describe("each asks for itself, and leaves the others alone for a while,", () => {
  test.each<[string, (socket: Socket) => void]>([
    ["does not answer", (socket) => socket.resume()],
    ["talks gibberish", (socket) => socket.write("HTTP/1.1 200 OK\r\n\r\n")],
    ["answers in another form", (socket) => socket.write('{"kind":"known","id":1,"text":7,"ageMs":0}\n')],
    ["answers with nothing", (socket) => socket.write("null\n")],
    ["does not come to an end", (socket) => socket.write("x".repeat(1_000_000))],
    ["hangs up", (socket) => socket.destroy()],
    ["answers other questions", (socket) => socket.write('{"kind":"known","id":7,"text":"a","ageMs":0}\n')],
  ])("if the leader %s", async (_what, serve) => {
    const leader = await meeting.stranger(serve);
    const asking = meeting.member({ answerMs: 100 });
    await expect(asking.obtain("a", answering("its own"), signal)).resolves.toMatchObject(itsOwn);
    const { conversations } = leader;
    await expect(asking.obtain("b", answering("its own"), signal)).resolves.toMatchObject(itsOwn);
    expect(leader.conversations).toBe(conversations);
  });

  test("if the leader says to wait and falls silent", async () => {
    await meeting.stranger((socket) => socket.write('{"kind":"wait","id":1}\n'));
    const asking = meeting.member({ leaseMs: 50 });
    await expect(asking.obtain("a", answering("its own"), signal)).resolves.toMatchObject(itsOwn);
  });

  test("if the leader does not answer, however little time its readers have", async () => {
    const leader = await meeting.stranger((socket) => socket.resume());
    const asking = meeting.member({ answerMs: 100 });
    const hurried = asking.obtain("a", answering("its own"), AbortSignal.timeout(10));
    await expect(hurried).rejects.toThrow();
    // Nobody waits any more, and still it is found out that nobody answers.
    const later = () =>
      asking.obtain("a", answering("its own"), AbortSignal.timeout(10)).catch(() => undefined);
    await expect.poll(later).toMatchObject(itsOwn);
    expect(leader.conversations).toBe(1);
  });

  test("if the folder cannot be used", async () => {
    await rm(meeting.folder, { recursive: true });
    await writeFile(meeting.folder, "a file now");
    const asking = meeting.member();
    await expect(asking.obtain("a", answering("its own"), signal)).resolves.toMatchObject(itsOwn);
  });

  test("if the folder is not ours alone any more, without listening to who leads there", async () => {
    const forged = '{"kind":"known","id":1,"text":"forged","ageMs":0}\n';
    const forging = await meeting.stranger((socket) => socket.write(forged));
    await chmod(meeting.folder, 0o777);
    const asking = meeting.member();
    await expect(asking.obtain("a", answering("its own"), signal)).resolves.toMatchObject(itsOwn);
    expect(forging.conversations).toBe(0);
  });

  test("if nobody comes to lead, and then tries again", async () => {
    const { lock } = meeting.place;
    await writeFile(lock, "");
    const asking = meeting.member({ electionMs: 50, quietMs: 1 });
    await asking.obtain("a", answering("its own"), signal);
    await rm(lock);
    await delay(2);
    await asking.obtain("b", answering("shared"), signal);
    await expect(meeting.member().obtain("b", notAsked, signal)).resolves.toMatchObject({ text: "shared" });
  });
});
