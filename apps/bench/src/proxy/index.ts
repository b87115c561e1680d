import type { Suite } from "../suites.ts";
import { largeBodies, plain, streamed } from "./passing-on.ts";

export const proxy: Suite = {
  plain,
  streamed,
  "large-bodies": largeBodies,
};
