import { existsSync } from "node:fs";
import { chmod, rm, utimes, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as delay, setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TemporaryFolder, temporaryFolder } from "../../test/temporary-folder.ts";
import { type DecryptionMemory, decryptionMemory } from "../reuse/decryption-memory.ts";
import { type MeetingPlace, meetingPlace } from "./share-folder.ts";
import { type Sharing, shareDecryptions } from "./sharing.ts";
import { takeLead } from "./take-lead.ts";

const { signal } = new AbortController();
/** Times in which nothing ends by itself while a test runs. */
const long = { leaseMs: 60_000, patienceMs: 60_000, quietMs: 60_000 };

let folder: TemporaryFolder;
let place: MeetingPlace;
let ends: (() => Promise<void> | void)[];

beforeEach(async () => {
  folder = await temporaryFolder();
  place = meetingPlace(folder.path, "shareFolder");
  ends = [];
});

afterEach(async () => {
  for (const end of ends) await end();
  await folder[Symbol.asyncDispose]();
});

/** What a process would have. */
function member(times = long, forMs = 60_000): Sharing & { readonly memory: DecryptionMemory } {
  const memory = decryptionMemory(forMs);
  const sharing = shareDecryptions(place, memory, forMs, times);
  ends.push(sharing.close);
  return { ...sharing, memory };
}

/** Cloud KMS, asked by hand. */
function service() {
  const asked: ReturnType<typeof Promise.withResolvers<string>>[] = [];
  const ask = (): Promise<string> => {
    const answer = Promise.withResolvers<string>();
    asked.push(answer);
    return answer.promise;
  };
  return { asked, ask };
}

/** Something else that listens where the leader should. */
async function stranger(serve: (socket: Socket) => void): Promise<{ readonly conversations: number }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(place.socket, resolve));
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    get conversations() {
      return sockets.length;
    },
  };
}

const answering = (text: string) => async () => text;
const never = async (): Promise<string> => {
  throw new Error("asked");
};

describe("what one has decrypted", () => {
  test("the others get without asking, and with its age", async () => {
    const [first, second] = [member(), member()];
    await first.obtain("a", answering("text"), signal);
    first.memory.keep("a", { text: "text", ageMs: 5_000 });
    const known = await second.obtain("a", never, signal);
    expect(known.text).toBe("text");
    expect(known.ageMs).toBeGreaterThanOrEqual(5_000);
  });

  test("tells the leader too, if another finds it out", async () => {
    const [leader, other] = [member(), member()];
    await leader.obtain("a", answering("a"), signal);
    await other.obtain("b", answering("b"), signal);
    await expect(leader.obtain("b", never, signal)).resolves.toMatchObject({ text: "b" });
    await expect(member().obtain("b", never, signal)).resolves.toMatchObject({ text: "b" });
  });

  test("is not used where it is too old", async () => {
    const [first, second] = [member(), member(long, 1_000)];
    await first.obtain("a", answering("old"), signal);
    first.memory.keep("a", { text: "old", ageMs: 1_000 });
    await expect(second.obtain("a", answering("new"), signal)).resolves.toMatchObject({ text: "new" });
    await expect.poll(() => first.memory.find("a")).toMatchObject({ text: "new" });
  });

  test("is not used where it is too old, whoever says so", async () => {
    await stranger((socket) => socket.write('{"kind":"known","text":"old","ageMs":60000}\n'));
    await expect(member().obtain("a", answering("new"), signal)).resolves.toMatchObject({ text: "new" });
  });

  test.each([
    ["empty", ""],
    ["with all that JSON escapes", 'line\nbreaks\u2028, "quotes" and \0'],
    ["beyond ASCII", "🌍 é"],
    ["as long as can be, and escaped", "\0".repeat(65_536)],
  ])("arrives as it is: %s", async (_what, text) => {
    await member().obtain("a", answering(text), signal);
    await expect(member().obtain("a", never, signal)).resolves.toMatchObject({ text });
  });

  test("may be used for ever", async () => {
    const [first, second] = [member(long, Number.POSITIVE_INFINITY), member(long, Number.POSITIVE_INFINITY)];
    await first.obtain("a", answering("text"), signal);
    await expect(second.obtain("a", never, signal)).resolves.toMatchObject({ text: "text" });
  });
});

describe("those who want the same at once", () => {
  test("ask once between them", async () => {
    const { asked, ask } = service();
    const obtained = Array.from({ length: 10 }, () => member().obtain("a", ask, signal));
    await expect.poll(() => asked.length).toBe(1);
    asked[0]?.resolve("text");
    const known = await Promise.all(obtained);
    expect(new Set(known.map(({ text }) => text))).toEqual(new Set(["text"]));
    expect(asked).toHaveLength(1);
  });

  test.each(["leader", "other"])("each ask for themselves if the %s who asks fails", async (who) => {
    const [leader, other, third] = [member(), member(), member()];
    await leader.obtain("first", answering("text"), signal);
    const { asked, ask } = service();
    const failing = who === "leader" ? leader : other;
    const failure = failing.obtain("a", ask, signal);
    await expect.poll(() => asked.length).toBe(1);
    const waiting = third.obtain("a", answering("its own"), signal);
    asked[0]?.reject(new Error("denied"));
    await expect(failure).rejects.toThrow("denied");
    await expect(waiting).resolves.toMatchObject({ text: "its own" });
  });

  test("do not wait for who has given up", async () => {
    const [leader, other, third] = [member(), member(), member()];
    await leader.obtain("first", answering("text"), signal);
    const controller = new AbortController();
    const { asked, ask } = service();
    const given = other.obtain(
      "a",
      () => Promise.race([ask(), aborted(controller.signal)]),
      controller.signal,
    );
    await expect.poll(() => asked.length).toBe(1);
    const waiting = third.obtain("a", answering("its own"), signal);
    controller.abort(new Error("enough"));
    await expect(given).rejects.toThrow("enough");
    await expect(waiting).resolves.toMatchObject({ text: "its own" });
  });

  test("wait no longer than a lease for who is slow, and need not tell the leader", async () => {
    const [leader, slow] = [member({ ...long, leaseMs: 50 }), member()];
    await leader.obtain("first", answering("text"), signal);
    const { asked, ask } = service();
    const late = slow.obtain("a", ask, signal);
    await expect.poll(() => asked.length).toBe(1);
    const obtained = await Promise.all([
      leader.obtain("a", answering("its own"), signal),
      member().obtain("a", answering("its own"), signal),
    ]);
    expect(obtained.map(({ text }) => text)).toEqual(["its own", "its own"]);
    asked[0]?.resolve("late");
    await expect(late).resolves.toMatchObject({ text: "late" });
  });

  test("wait no longer than they want to", async () => {
    const [leader, other] = [member(), member()];
    const { asked, ask } = service();
    const first = leader.obtain("a", ask, signal);
    await expect.poll(() => asked.length).toBe(1);
    const controller = new AbortController();
    const waiting = other.obtain("a", never, controller.signal);
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    // Once all that follows from it has happened: that it gave up says nothing of the leader, which it still asks.
    await setImmediate();
    asked[0]?.resolve("text");
    await first;
    await expect(other.obtain("a", never, signal)).resolves.toMatchObject({ text: "text" });
  });
});

describe("when the leader ends", () => {
  test("another leads", async () => {
    const [first, second] = [member(), member()];
    await first.obtain("a", answering("one"), signal);
    await first.close();
    await second.obtain("a", answering("two"), signal);
    await expect(member().obtain("a", never, signal)).resolves.toMatchObject({ text: "two" });
  });

  test("those who wait for it ask once between them", async () => {
    const [leader, other, third] = [member(), member(), member()];
    const { asked, ask } = service();
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
    const first = member();
    const obtained = first.obtain("a", answering("text"), signal);
    while (!existsSync(place.lock)) await setImmediate();
    await first.close();
    await obtained;
    await expect.poll(() => existsSync(place.lock) || existsSync(place.socket)).toBe(false);
  });

  test("who did not see that another has taken its place does not take it away", async () => {
    const [first, second] = await Promise.all([takeLead(place, () => {}), takeLead(place, () => {})]);
    const third = await takeLead(place, () => {});
    for (const server of [first, second, third]) server?.close();
    expect([first, second, third].filter((server) => server !== undefined)).toHaveLength(1);
  });
});

describe("each asks for itself, and leaves the others alone for a while,", () => {
  test.each<[string, (socket: Socket) => void]>([
    ["does not answer", (socket) => socket.resume()],
    ["talks gibberish", (socket) => socket.write("HTTP/1.1 200 OK\r\n\r\n")],
    ["answers in another form", (socket) => socket.write('{"kind":"known","text":7,"ageMs":0}\n')],
    ["answers with nothing", (socket) => socket.write("null\n")],
    ["does not come to an end", (socket) => socket.write("x".repeat(1_000_000))],
  ])("if the leader %s", async (_what, serve) => {
    const leader = await stranger(serve);
    const asking = member({ ...long, patienceMs: 200 });
    await expect(asking.obtain("a", answering("its own"), signal)).resolves.toMatchObject({
      text: "its own",
    });
    await expect(asking.obtain("b", answering("its own"), signal)).resolves.toMatchObject({
      text: "its own",
    });
    expect(leader.conversations).toBe(1);
  });

  test("if the leader hangs up again and again", async () => {
    await stranger((socket) => socket.destroy());
    const asking = member({ ...long, patienceMs: 200 });
    await expect(asking.obtain("a", answering("its own"), signal)).resolves.toMatchObject({
      text: "its own",
    });
  });

  test("if the folder cannot be used", async () => {
    await rm(folder.path, { recursive: true });
    await writeFile(folder.path, "a file now");
    const asking = member();
    await expect(asking.obtain("a", answering("its own"), signal)).resolves.toMatchObject({
      text: "its own",
    });
  });

  test("if the folder is not ours alone any more, without listening to who leads there", async () => {
    const forging = await stranger((socket) => socket.write('{"kind":"known","text":"forged","ageMs":0}\n'));
    await chmod(folder.path, 0o777);
    await expect(member().obtain("a", answering("its own"), signal)).resolves.toMatchObject({
      text: "its own",
    });
    expect(forging.conversations).toBe(0);
  });

  test("if somebody who holds the lock does not lead", async () => {
    await writeFile(place.lock, "");
    const asking = member({ ...long, patienceMs: 200 });
    await expect(asking.obtain("a", answering("its own"), signal)).resolves.toMatchObject({
      text: "its own",
    });
  });

  test("and tries again after it", async () => {
    await writeFile(place.lock, "");
    const asking = member({ ...long, patienceMs: 50, quietMs: 1 });
    await asking.obtain("a", answering("its own"), signal);
    await rm(place.lock);
    await delay(2);
    await asking.obtain("b", answering("shared"), signal);
    await expect(member().obtain("b", never, signal)).resolves.toMatchObject({ text: "shared" });
  });
});

test("a lock that a killed process left behind is taken away", async () => {
  await writeFile(place.lock, "");
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(place.lock, longAgo, longAgo);
  await member().obtain("a", answering("text"), signal);
  await expect(member().obtain("a", never, signal)).resolves.toMatchObject({ text: "text" });
});

test("a leader is not moved by gibberish, nor by answers that it did not ask for", async () => {
  const leader = member();
  await leader.obtain("a", answering("text"), signal);
  for (const said of [
    "\n",
    "x\n",
    '{"kind":"known","text":"forged","ageMs":0}\n',
    '{"kind":"claim"}\n',
    "x".repeat(1e6),
  ]) {
    await expect(say(said)).resolves.toBe("");
  }
  const twice = `{"kind":"claim","identity":"b","maxAgeMs":1}\n`.repeat(2);
  await expect(say(twice)).resolves.not.toContain("known");
  await expect(member().obtain("a", never, signal)).resolves.toMatchObject({ text: "text" });
});

/** What the leader answers to something said, until it hangs up. */
function say(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(place.socket);
    let heard = "";
    socket.setEncoding("utf8").on("data", (chunk) => {
      heard += chunk;
    });
    socket.on("error", () => {}); // It may hang up before it has heard all.
    socket.on("close", () => resolve(heard));
    socket.write(text);
  });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}
