/**
 * What a caller can ask of a model: the path under OpenAI's `/v1` (`/messages` is Anthropic's), which is also what
 * upstreams are asked. All of them are POST, and all of them name their model in the body.
 */
export const operations = [
  "/chat/completions",
  "/completions",
  "/embeddings",
  "/responses",
  "/messages",
  "/images/generations",
  "/images/edits",
  "/audio/speech",
  "/audio/transcriptions",
  "/audio/translations",
  "/moderations",
] as const;

export type Operation = (typeof operations)[number];
