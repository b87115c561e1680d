import type { Benchmark } from "./benchmark.ts";
import { core } from "./core/index.ts";
import { proxy } from "./proxy/index.ts";

export type Suite = Readonly<Record<string, Benchmark>>;

export const suites: Readonly<Record<string, Suite>> = { core, proxy };
