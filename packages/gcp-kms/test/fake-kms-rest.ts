import type { IncomingMessage, ServerResponse } from "node:http";
import type { CryptRequest, DecryptAnswer, EncryptAnswer } from "./fake-keys.ts";
import type { FakeKmsServer } from "./fake-kms-grpc.ts";
import { FakeService } from "./fake-service.ts";
import { httpStatus, KmsStatus, status } from "./kms-status.ts";
import { restartableServer } from "./restartable-server.ts";
import { statusDetailsJson } from "./status-details.ts";

interface WireRequest {
  readonly plaintext?: string;
  readonly ciphertext?: string;
  readonly plaintextCrc32c?: string | number;
  readonly ciphertextCrc32c?: string | number;
  readonly additionalAuthenticatedData?: string;
  readonly additionalAuthenticatedDataCrc32c?: string | number;
}

/** Cloud KMS as HTTP and JSON: bytes in base64, 64-bit numbers as text, fields with default values left out. `tls` takes PEM texts. */
export async function fakeKmsRest(tls?: {
  readonly key: string;
  readonly cert: string;
}): Promise<FakeKmsServer> {
  const service = new FakeService();
  const server = await restartableServer((request, response) => void answer(service, request, response), tls);
  return {
    service,
    port: server.port,
    get listening() {
      return server.listening;
    },
    up: server.up,
    down: server.down,
    dispose: server.down,
  };
}

async function answer(
  service: FakeService,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  service.authorization = request.headers.authorization;
  const routing = request.headers["x-goog-request-params"];
  service.routing = Array.isArray(routing) ? routing[0] : routing;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  if (service.hanging) {
    service.requests += 1;
    service.pending += 1;
    response.once("close", () => {
      service.pending -= 1;
    });
    return;
  }
  try {
    const path = URL.parse(request.url ?? "", "http://fake")?.pathname ?? "";
    const [, name = "", method] = /^\/v1\/(.+):(decrypt|encrypt)$/.exec(decodeURI(path)) ?? [];
    if (request.method !== "POST" || !method) throw new KmsStatus(status.notFound, "Not found.");
    const wire = fromWire(name, JSON.parse(Buffer.concat(chunks).toString()));
    const body = method === "decrypt" ? decrypted(service.decrypt(wire)) : encrypted(service.encrypt(wire));
    send(response, 200, body);
  } catch (error) {
    const failure = error instanceof KmsStatus ? error : new KmsStatus(status.internal, String(error));
    const [code, text] = httpStatus[failure.code] ?? [500, "INTERNAL"];
    const details = statusDetailsJson(failure);
    send(response, code, { error: { code, message: failure.message, status: text, details } });
  }
}

function send(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { "content-type": "application/json; charset=UTF-8" });
  response.end(JSON.stringify(body));
}

function decrypted(answer: Partial<DecryptAnswer>): object {
  return {
    ...(answer.plaintext?.length ? { plaintext: answer.plaintext.toString("base64") } : {}),
    ...(answer.plaintextCrc32c === undefined ? {} : { plaintextCrc32c: answer.plaintextCrc32c }),
    ...(answer.usedPrimary ? { usedPrimary: true } : {}),
  };
}

function encrypted(answer: Partial<EncryptAnswer>): object {
  const additional = answer.verifiedAdditionalAuthenticatedDataCrc32c;
  return {
    ...(answer.name === undefined ? {} : { name: answer.name }),
    ...(answer.ciphertext ? { ciphertext: answer.ciphertext.toString("base64") } : {}),
    ...(answer.ciphertextCrc32c === undefined ? {} : { ciphertextCrc32c: answer.ciphertextCrc32c }),
    ...(answer.verifiedPlaintextCrc32c ? { verifiedPlaintextCrc32c: true } : {}),
    ...(additional ? { verifiedAdditionalAuthenticatedDataCrc32c: true } : {}),
  };
}

function fromWire(name: string, body: WireRequest): CryptRequest {
  return {
    name,
    data: Buffer.from(body.plaintext ?? body.ciphertext ?? "", "base64"),
    dataChecksum: text(body.plaintextCrc32c ?? body.ciphertextCrc32c),
    additionalAuthenticatedData: Buffer.from(body.additionalAuthenticatedData ?? "", "base64"),
    additionalAuthenticatedDataChecksum: text(body.additionalAuthenticatedDataCrc32c),
  };
}

function text(value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
