import type { Fault } from "../fault.ts";

/** Where the same question may be asked again after a fault. */
export type RetryScope = "anywhere" | "elsewhere" | "nowhere";

/** Asking the same deployment again is no use: it has no key, no such model or no such operation. */
const elsewhereCodes = new Set(["key_unavailable", "key_invalid", "operation_not_supported"]);

export function retryScope({ status, error }: Fault): RetryScope {
  if (error !== undefined && elsewhereCodes.has(error.code)) return "elsewhere";
  if (status === 401 || status === 403 || status === 404) return "elsewhere";
  if (status === 408 || status === 409 || status === 425 || status === 429 || status >= 500)
    return "anywhere";
  return "nowhere";
}
