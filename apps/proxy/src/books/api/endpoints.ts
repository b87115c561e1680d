import { blockKey, changeKey, generateKey, regenerateKey, removeKeys } from "./change-keys.ts";
import type { BooksEndpoint } from "./endpoint.ts";
import { keyInfo, keyList, spendByKey } from "./show-keys.ts";
import { spendLogs } from "./spend-logs.ts";

/** Everything about keys and spend, where LiteLLM has it. */
export const questions: readonly BooksEndpoint[] = [
  generateKey,
  keyInfo,
  changeKey,
  removeKeys,
  keyList,
  regenerateKey,
  blockKey(true),
  blockKey(false),
  spendLogs,
  spendByKey,
];

export { regenerateKey };
