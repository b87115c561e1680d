import { generate } from "selfsigned";

export interface Certificates {
  /** The authority that a client has to trust, in PEM. */
  readonly authority: string;
  /** The server's certificate for 127.0.0.1 and my.vault.azure.net, in PEM, signed by the authority. */
  readonly certificate: string;
  readonly privateKey: string;
}

let made: Promise<Certificates> | undefined;

/** A certificate authority of the tests' own and a server certificate signed by it, made once per process. */
export function certificates(): Promise<Certificates> {
  made ??= make();
  return made;
}

async function make(): Promise<Certificates> {
  const authority = await generate([{ name: "commonName", value: "Keyward tests" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: "commonName", value: "127.0.0.1" }], {
    keyType: "ec",
    algorithm: "sha256",
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 7, ip: "127.0.0.1" },
          // What Node checks for an address behind a proxy.
          { type: 2, value: "localhost" },
          { type: 2, value: "my.vault.azure.net" },
        ],
      },
    ],
  });
  return { authority: authority.cert, certificate: server.cert, privateKey: server.private };
}
