import type { Contender } from "./contender.ts";
import { startProcess } from "./process.ts";

/** See `processes/floor-process.ts`. */
export const floor: Contender = {
  name: "floor: `node:http` + `undici`",
  start: (upstreamPort) => startProcess("floor", `http://127.0.0.1:${upstreamPort}`),
};
