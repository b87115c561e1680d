import { randomUUID } from "node:crypto";

/** A UUID of version 7: unique, and in the order of time, which keeps the index of a table of them compact. */
export function requestId(now: number = Date.now()): string {
  const time = now.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
