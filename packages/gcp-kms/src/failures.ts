import type { FailureKind } from "@keyward/core";

interface Row {
  readonly kind: FailureKind;
  /** What is wrong, and what to do. */
  readonly remedy: string;
}

/** Every failure that this provider can name. The table in the README is this one. */
export const failures = {
  "ciphertext-malformed": {
    kind: "invalid",
    remedy:
      "The value begins like a ciphertext and cannot be read as one. Store it as one line of base64; in a .env file a # cuts an unquoted value short.",
  },
  "not-ciphertext": {
    kind: "invalid",
    remedy: "The value is not a ciphertext, and plain values are refused here. Encrypt it.",
  },
  "ciphertext-not-decrypted": {
    kind: "invalid",
    remedy:
      "The value is a ciphertext that stands where Cloud KMS is not asked about it. Move it to the environment, to .env, or to what is named as the source of gcpKms.",
  },
  "ciphertext-invalid": {
    kind: "invalid",
    remedy: "Cloud KMS says that the ciphertext is damaged or not its own. Encrypt the secret again.",
  },
  "wrong-key": {
    kind: "invalid",
    remedy:
      "The ciphertext was made with another key. Set keyName or GOOGLE_KMS_RESOURCE_NAME to the key that encrypted it.",
  },
  "decryption-failed": {
    kind: "invalid",
    remedy:
      "The ciphertext or its additional authenticated data does not match: it may have been encrypted for another variable, or with another setting. Encrypt it under this name.",
  },
  "plaintext-not-text": {
    kind: "invalid",
    remedy:
      "The secret is not valid UTF-8, and secrets are text. Encrypt it as text, for instance as base64.",
  },
  "plaintext-too-long": {
    kind: "invalid",
    remedy: "Cloud KMS encrypts at most 64 KiB. Store the secret elsewhere and encrypt a key to it.",
  },
  "request-damaged": {
    kind: "unavailable",
    remedy:
      "The request was altered on its way to Cloud KMS. If it happens again, look at the network in between.",
  },
  "response-damaged": {
    kind: "unavailable",
    remedy:
      "The answer of Cloud KMS does not match its checksum. If it happens again, look at the network in between.",
  },
  "response-incomplete": {
    kind: "invalid",
    remedy:
      "The answer has no checksum, so it is not from Cloud KMS. Check the endpoint and what stands in between.",
  },
  "not-cloud-kms": {
    kind: "invalid",
    remedy:
      "The endpoint does not know the methods of Cloud KMS. Check endpoint or GOOGLE_KMS_ENDPOINT and what stands in between.",
  },
  "key-not-found": {
    kind: "invalid",
    remedy:
      "The key, its key ring, its location or its project does not exist. Check keyName or GOOGLE_KMS_RESOURCE_NAME.",
  },
  "key-disabled": {
    kind: "invalid",
    remedy: "The key version that made the ciphertext is disabled. Enable it, or encrypt the secret again.",
  },
  "key-destroyed": {
    kind: "invalid",
    remedy:
      "The key version that made the ciphertext is destroyed or about to be. Restore it while that is possible, or encrypt the secret again.",
  },
  "key-unusable": {
    kind: "invalid",
    remedy:
      "The key cannot be used now, or not for this. It has to be a symmetric key that encrypts and decrypts.",
  },
  "invalid-request": {
    kind: "invalid",
    remedy: "Cloud KMS does not accept the request. Check keyName or GOOGLE_KMS_RESOURCE_NAME.",
  },
  "permission-denied": {
    kind: "denied",
    remedy:
      "The identity may not use the key. Grant it 'Cloud KMS CryptoKey Decrypter' (roles/cloudkms.cryptoKeyDecrypter) on the key, and the Encrypter role to encrypt.",
  },
  "api-disabled": {
    kind: "denied",
    remedy:
      "The Cloud KMS API is not enabled in the project that pays for the call. Run: gcloud services enable cloudkms.googleapis.com.",
  },
  "quota-project-denied": {
    kind: "denied",
    remedy:
      "The identity may not charge its quota project. Grant it roles/serviceusage.serviceUsageConsumer there, or unset GOOGLE_CLOUD_QUOTA_PROJECT.",
  },
  "credentials-missing": {
    kind: "denied",
    remedy:
      "There are no Google credentials here. Set GOOGLE_APPLICATION_CREDENTIALS to a key file, or run: gcloud auth application-default login.",
  },
  "credentials-file-missing": {
    kind: "denied",
    remedy:
      "The file that GOOGLE_APPLICATION_CREDENTIALS names, or one that is named in it, does not exist or cannot be opened. Correct the path.",
  },
  "credentials-file-invalid": {
    kind: "denied",
    remedy:
      "The credentials file is not one of Google's, or it or its private key is damaged. Download it again and check GOOGLE_APPLICATION_CREDENTIALS.",
  },
  "credentials-refused": {
    kind: "denied",
    remedy:
      "Google does not accept the credentials: expired, revoked, or signed while the clock was wrong. Renew them and check the clock.",
  },
  "token-unavailable": {
    kind: "unavailable",
    remedy:
      "Google's token service or the machine's metadata server gave no token. Check the network and proxies on the way to it, and see status.cloud.google.com.",
  },
  throttled: {
    kind: "throttled",
    remedy: "The quota of cryptographic requests is used up. Wait, or raise it in the Google Cloud console.",
  },
  timeout: {
    kind: "unavailable",
    remedy:
      "Cloud KMS, or what gives out tokens for it, did not answer in time. Check the network between here and them.",
  },
  unreachable: {
    kind: "unavailable",
    remedy: "Cloud KMS cannot be reached. Check the endpoint, DNS, proxies and firewalls.",
  },
  "service-error": {
    kind: "unavailable",
    remedy: "Cloud KMS failed with an error of its own. Try again later and see status.cloud.google.com.",
  },
  "env-file-unreadable": {
    kind: "invalid",
    remedy:
      "The .env file in the working directory exists and cannot be read. Check what it is and its permissions.",
  },
  "no-versions": {
    kind: "invalid",
    remedy: "Environment variables have no versions. Leave the version out.",
  },
  closed: {
    kind: "invalid",
    remedy: "The provider has been closed. Create another.",
  },
} as const satisfies Readonly<Record<string, Row>>;

/** The first column of the error table. */
export type GcpKmsFailureReason = keyof typeof failures;

/** A failure that was found on this side. Its message is made of the table and of names, never of a value. */
export class GcpKmsError extends Error {
  readonly reason: GcpKmsFailureReason;

  /** @param subject the variable it is about, where it is about one. */
  constructor(reason: GcpKmsFailureReason, subject?: string) {
    super(`Google Cloud KMS${subject === undefined ? "" : `, ${subject}`}: ${failures[reason].remedy}`);
    this.name = "GcpKmsError";
    this.reason = reason;
  }
}
