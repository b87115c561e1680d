import type { IncomingHttpHeaders } from "node:http";
import { apiError } from "./answers.ts";

/**
 * Whether a request comes to this machine by a name of its own, and from no site but its own. A browser on it lets
 * every page that is open send requests here, and one whose name is made to lead here read the answers as well: where
 * no key is asked for, these two headers are all that tells such a page from a program.
 */
export function isLocalRequest({ host = "", origin }: IncomingHttpHeaders): boolean {
  return isLocal(`http://${host}`) && (origin === undefined || isLocal(origin));
}

function isLocal(url: string): boolean {
  const name = URL.parse(url)?.hostname ?? "";
  return /^(?:(?:[\w-]+\.)*localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(name);
}

export const foreignRequest = apiError(
  "foreign_request",
  "Without a key, only requests to localhost that come from no other site are answered: set general_settings.master_key",
);
