import { type CryptRequest, type DecryptAnswer, type EncryptAnswer, FakeKeys } from "./fake-keys.ts";
import { KmsStatus, status } from "./kms-status.ts";

/** What the wire or a broken intermediary may do to a message. */
export interface Tampering {
  readonly request?: (request: CryptRequest) => CryptRequest;
  readonly encrypted?: (answer: EncryptAnswer) => Partial<EncryptAnswer>;
  readonly decrypted?: (answer: DecryptAnswer) => Partial<DecryptAnswer>;
}

/** The service behind either transport: real keys, and the faults that a test asks for. */
export class FakeService {
  readonly keys = new FakeKeys();
  /** Decrypt and encrypt calls that arrived. */
  requests = 0;
  /** Calls that arrived, were never answered, and that the client has not given up yet. */
  pending = 0;
  /** The `authorization` and `x-goog-request-params` of the last call. */
  authorization: string | undefined;
  routing: string | undefined;
  lastRequest: CryptRequest | undefined;
  failure: KmsStatus | undefined;
  hanging = false;
  tampering: Tampering = {};

  decrypt(request: CryptRequest): Partial<DecryptAnswer> {
    const answer = this.keys.decrypt(this.#arrive(request));
    return this.tampering.decrypted ? this.tampering.decrypted(answer) : answer;
  }

  encrypt(request: CryptRequest): Partial<EncryptAnswer> {
    const answer = this.keys.encrypt(this.#arrive(request));
    return this.tampering.encrypted ? this.tampering.encrypted(answer) : answer;
  }

  #arrive(request: CryptRequest): CryptRequest {
    this.requests += 1;
    this.lastRequest = request;
    if (this.failure) throw this.failure;
    return this.tampering.request ? this.tampering.request(request) : request;
  }

  deny(keyName: string): void {
    this.failure = new KmsStatus(
      status.permissionDenied,
      `Permission 'cloudkms.cryptoKeyVersions.useToDecrypt' denied on resource '${keyName}' (or it may not exist).`,
      "IAM_PERMISSION_DENIED",
    );
  }

  throttle(retryAfterSeconds?: number): void {
    this.failure = new KmsStatus(
      status.resourceExhausted,
      "Quota exceeded for quota metric 'Cryptographic requests' and limit 'Cryptographic requests per minute' of service 'cloudkms.googleapis.com' for consumer 'project_number:123456789012'.",
      "RATE_LIMIT_EXCEEDED",
      retryAfterSeconds,
    );
  }

  /** Success, and nothing in it. */
  corrupt(): void {
    this.tampering = { decrypted: () => ({}), encrypted: () => ({}) };
  }

  heal(): void {
    this.failure = undefined;
    this.hanging = false;
    this.tampering = {};
  }
}
