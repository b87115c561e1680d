/** Where the service is. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Without TLS no credentials are sent: only an emulator is reached so. */
  readonly plaintext: boolean;
}

/**
 * Reads `host`, `host:port`, `https://host:port`, or `http://host:port` for an emulator.
 *
 * @param origin where it was written, for the message.
 * @throws TypeError that does not repeat the text, which might hold a password.
 */
export function parseEndpoint(text: string, origin: string): Endpoint {
  const url = URL.parse(text.includes("://") ? text : `https://${text}`);
  const scheme = url?.protocol;
  const bare = url !== null && url.pathname === "/" && url.search === "" && url.hash === "";
  if (!bare || url.hostname === "" || url.username !== "" || url.password !== "") throw mistaken(origin);
  if (scheme !== "https:" && scheme !== "http:") throw mistaken(origin);
  const plaintext = scheme === "http:";
  const port = url.port === "" ? (plaintext ? 80 : 443) : Number(url.port);
  return { host: url.hostname, port, plaintext };
}

function mistaken(origin: string): TypeError {
  return new TypeError(
    `Google Cloud KMS: ${origin} is not an endpoint. Write host, host:port, https://host:port, or http://host:port for an emulator.`,
  );
}
