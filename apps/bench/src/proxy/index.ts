import type { Suite } from "../suites.ts";
import { openStreams } from "./open-streams.ts";
import { largeBodies, plain, streamed, youngGeneration, youngGenerationLarge } from "./passing-on.ts";
import { stalledClients } from "./stalled-clients.ts";

export const proxy: Suite = {
  plain,
  streamed,
  "large-bodies": largeBodies,
  "open-streams": openStreams,
  "stalled-clients": stalledClients,
  "young-generation": youngGeneration,
  "young-generation-large-bodies": youngGenerationLarge,
};
