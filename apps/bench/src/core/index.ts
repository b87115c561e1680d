import type { Suite } from "../suites.ts";
import { allocation } from "./allocation.ts";
import { cachedGet } from "./cached-get.ts";
import { coldKey } from "./cold-key.ts";
import { polling } from "./polling.ts";
import { resolveConfig } from "./resolve-config.ts";

export const core: Suite = {
  "cached-get": cachedGet,
  allocation,
  "cold-key": coldKey,
  "resolve-config": resolveConfig,
  polling,
};
