/**
 * A model that answers at once, and costs as little as Node allows: no HTTP server, prebuilt bytes. What it answers
 * is its argument. Counts what it sends, so that it can be seen whether anybody still asks for more.
 */
import { createServer, type Socket } from "node:net";
import { completion, events, longEvent } from "../answers.ts";
import { RequestCounter } from "../request-counter.ts";
import { answerParent, reportPort } from "./parent.ts";

type Answer = (socket: Socket) => void;

/** Between two events of one stream, in milliseconds: long enough for each to cross the proxy by itself. */
const pace = 2;
/** The streams that are under way, and how many of their events were sent. */
const streams = new Map<Socket, number>();

const plain: Answer = (socket) => void socket.write(completion);

const stream: Answer = (socket) => {
  streams.set(socket, 0);
  sendNext(socket);
};

/** Begins a stream that never ends, and sends as fast as it is read. */
const endless: Answer = (socket) => {
  const more = (): void => {
    while (!socket.destroyed && socket.write(longEvent));
  };
  socket.on("drain", more);
  socket.write(events[0] ?? "");
  more();
};

/** Begins a stream of which the next event comes when the parent says so. */
const held: Answer = (socket) => {
  streams.set(socket, 0);
  socket.write(events[0] ?? "");
};

const answers: Readonly<Record<string, Answer>> = { plain, stream, endless, held };
const kind = process.argv[2] ?? "";
const answer = answers[kind];
if (answer === undefined) throw new Error(`The upstream can answer ${Object.keys(answers).join(", ")}.`);

if (kind === "stream") {
  setInterval(() => {
    for (const socket of streams.keys()) sendNext(socket);
  }, pace);
}

function sendNext(socket: Socket): void {
  const next = streams.get(socket) ?? 0;
  socket.write(events[next] ?? "");
  if (next === events.length - 1) streams.delete(socket);
  else streams.set(socket, next + 1);
}

const sockets = new Set<Socket>();
let sentByClosed = 0;
const server = createServer({ noDelay: true }, (socket) => {
  sockets.add(socket);
  const requests = new RequestCounter();
  socket.on("data", (chunk) => {
    for (let due = requests.complete(chunk); due > 0; due -= 1) answer(socket);
  });
  // A proxy that cancels resets the connection; that is its way to say so.
  socket.on("error", () => {});
  socket.on("close", () => {
    sockets.delete(socket);
    streams.delete(socket);
    sentByClosed += socket.bytesWritten;
  });
});
server.listen(0, "127.0.0.1", () => reportPort(server));

answerParent((message) => {
  if (message === "event") for (const socket of streams.keys()) socket.write(events[1] ?? "");
  const sent = [...sockets].reduce(
    (sum, { bytesWritten, writableLength }) => sum + bytesWritten - writableLength,
    0,
  );
  return { connections: sockets.size, sent: sent + sentByClosed };
});
