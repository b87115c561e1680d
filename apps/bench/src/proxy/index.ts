import type { Suite } from "../suites.ts";
import { openStreams } from "./open-streams.ts";
import {
  books,
  booksStreamed,
  largeBodies,
  plain,
  streamed,
  youngGeneration,
  youngGenerationLarge,
} from "./passing-on.ts";
import { stalledClients } from "./stalled-clients.ts";
import { workers } from "./workers.ts";

export const proxy: Suite = {
  plain,
  streamed,
  "large-bodies": largeBodies,
  books,
  "books-streamed": booksStreamed,
  "open-streams": openStreams,
  "stalled-clients": stalledClients,
  "young-generation": youngGeneration,
  "young-generation-large-bodies": youngGenerationLarge,
  workers,
};
