/** What a caller can ask of a model: the path under OpenAI's `/v1`, which is also what upstreams are asked. */
export const operations = ["/chat/completions", "/completions", "/embeddings"] as const;

export type Operation = (typeof operations)[number];
