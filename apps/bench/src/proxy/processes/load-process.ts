/** The clients, in a process of their own, so that what they cost is nobody else's. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { median } from "../../rounds.ts";
import { Client, requestBytes } from "../client.ts";
import type { Crowd, LoadQuestion, Traffic, TrafficResult } from "../load.ts";
import { answerParent } from "./parent.ts";

function run({ port, clients: count, milliseconds, body }: Traffic): Promise<TrafficResult> {
  return new Promise((resolve, reject) => {
    const request = requestBytes(body);
    const startedAt = performance.now();
    let asking = count;
    const answered = (client: Client): void => {
      const now = performance.now();
      if (now - startedAt < milliseconds) {
        client.ask();
        return;
      }
      asking -= 1;
      if (asking > 0) return;
      for (const each of clients) each.end();
      const requests = clients.reduce((sum, { answers }) => sum + answers, 0);
      resolve({
        requests,
        seconds: (now - startedAt) / 1000,
        firstByte: median(clients.flatMap(({ firstBytes }) => firstBytes)),
        pieces: clients.reduce((sum, { pieces }) => sum + pieces, 0) / requests,
      });
    };
    const clients = Array.from({ length: count }, () => new Client(port, request, answered, reject));
    for (const client of clients) client.ask();
  });
}

let crowd: { socket: Socket; text: string }[] = [];

async function open({ port, clients, body, reading }: Crowd): Promise<void> {
  const request = requestBytes(body);
  for (let index = 0; index < clients; index += 1) {
    const member = { socket: connect({ port, host: "127.0.0.1" }), text: "" };
    crowd.push(member);
    if (reading) {
      member.socket.on("data", (chunk) => {
        member.text += chunk.toString("latin1");
      });
    } else member.socket.pause();
    member.socket.write(request);
    // As clients come: fast, but not all in the same instant, which a server's backlog would not hold.
    if (index % 50 === 49) await Promise.all([once(member.socket, "connect"), wait(10)]);
  }
}

function leave(): void {
  for (const { socket } of crowd) socket.destroy();
  crowd = [];
}

answerParent((message) => {
  const question = message as LoadQuestion;
  if ("traffic" in question) return run(question.traffic);
  if ("open" in question) return open(question.open);
  if ("leave" in question) return leave();
  return crowd.filter(({ text }) => text.split("data: ").length > question.withEvents).length;
});
process.send?.({ port: 0 });
