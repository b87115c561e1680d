import type { IncomingHttpHeaders } from "node:http";
import { apiError } from "./answers.ts";

/**
 * The headers with a browser's login as the key: its password; the name does not matter. Only pages take it, because
 * a browser sends a login along with whatever another site makes it ask for.
 */
export function withBrowserLogin(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const encoded = /^Basic +([\w+/=-]+)\s*$/i.exec(headers.authorization ?? "")?.[1];
  if (encoded === undefined) return headers;
  const login = Buffer.from(encoded, "base64").toString();
  return { ...headers, authorization: `Bearer ${login.slice(login.indexOf(":") + 1)}` };
}

/** Makes a browser ask for a login. */
export const loginWanted = apiError(
  "invalid_api_key",
  "The key is missing or wrong: give the proxy's master key as the password, or as Authorization: Bearer <key>",
  { "www-authenticate": 'Basic realm="Keyward: the key is the password", charset="UTF-8"' },
);
