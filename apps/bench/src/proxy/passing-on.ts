import type { Benchmark, Report } from "../benchmark.ts";
import { floor } from "./floor.ts";
import { keyward } from "./keyward.ts";
import { nginx } from "./nginx.ts";
import { measureTraffic, type TrafficOptions } from "./traffic.ts";

type Size = Pick<TrafficOptions, "rounds" | "milliseconds" | "warmUpMilliseconds" | "clients">;

const full: Size = { rounds: 7, milliseconds: 2_000, warmUpMilliseconds: 4_000, clients: 32 };
const tiny: Size = { rounds: 1, milliseconds: 1, warmUpMilliseconds: 0, clients: 2 };

function passingOn(title: string, traffic: Pick<TrafficOptions, "answer" | "body">): Benchmark {
  const measure = async (size: Size): Promise<Report> => {
    const contenders = [floor, keyward(), nginx];
    const { remarks, ...table } = await measureTraffic({ contenders, ...traffic, ...size });
    const method =
      `${size.clients} clients, each on a connection of its own, that ask again when they are answered; ` +
      `${size.rounds} rounds of ${size.milliseconds / 1000} s each, in turn, after ${size.warmUpMilliseconds / 1000} s to warm up. ` +
      `CPU is user and system time of the proxy's process. The first byte is that of one client alone, less what it ` +
      `takes without a proxy. ${remarks}`;
    return { title, method, ...table };
  };
  return { full: () => measure(full), tiny: () => measure(tiny) };
}

const question = (characters: number, stream: boolean): string =>
  JSON.stringify({
    model: "gpt-4o",
    messages: [{ role: "user", content: "Why is the sky blue? ".repeat(characters / 21) }],
    stream,
  });

export const plain = passingOn("A plain request: 1 kB to the model, 1 kB back", {
  answer: "plain",
  body: question(1_000, false),
});

export const streamed = passingOn("A streamed answer of 50 events, one every 2 ms", {
  answer: "stream",
  body: question(1_000, true),
});

export const largeBodies = passingOn("A request of 100 kB", { answer: "plain", body: question(100_000, false) });
