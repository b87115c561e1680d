import { GcpKmsError, type GcpKmsFailureReason } from "./failures.ts";

/** What errors of Google's sign-in library have. Of these only statuses, codes and fixed phrases are looked at. */
interface SignInError {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly status?: unknown;
  readonly config?: unknown;
}

/** What an error says that was thrown while credentials were loaded or a token was asked for. */
export function credentialFailure(error: unknown): GcpKmsFailureReason | undefined {
  if (error instanceof GcpKmsError) return error.reason;
  const { code, message, status, config }: SignInError = Object(error);
  const text = typeof message === "string" ? message : "";
  const told = toldInWords(text, typeof code === "string");
  if (told) return told;
  if (typeof status === "number") return refusals.has(status) ? "credentials-refused" : "token-unavailable";
  // Every failed request has one, and nothing else. A firewall's EACCES is no file's.
  if (config) return "token-unavailable";
  if (typeof code === "string") {
    if (fileCodes.has(code)) return "credentials-file-missing";
    // The key is none, is of another kind, or is not even text.
    if (/^ERR_(?:OSSL|CRYPTO|INVALID_ARG)_/.test(code)) return "credentials-file-invalid";
    return "token-unavailable";
  }
  return error instanceof SyntaxError ? "credentials-file-invalid" : undefined;
}

/**
 * What the message alone says: all that is left of a failure once a client that is not ours hands it on.
 *
 * @param coded whether the error carries a code of the system's.
 */
export function toldInWords(text: string, coded: boolean): GcpKmsFailureReason | undefined {
  if (text.includes("Could not load the default credentials")) return "credentials-missing";
  if (text.startsWith("Unable to read the credential file")) {
    return text.includes("does not exist") || coded ? "credentials-file-missing" : "credentials-file-invalid";
  }
  if (text.includes("does not exist, or it is not a file")) return "credentials-file-missing";
  if (/\binvalid_(?:grant|client|rapt)\b/.test(text)) return "credentials-refused";
  // These come with whatever status, 400 included.
  if (/\b(?:internal_failure|server_error|temporarily_unavailable)\b/.test(text)) return "token-unavailable";
  if (openSslError.test(text) || text.includes("Unable to parse the subject_token")) {
    return "credentials-file-invalid";
  }
  return undefined;
}

/** As in `error:1E08010C:DECODER routines::unsupported`. */
const openSslError = /\berror:[0-9A-F]{8}:/;

/**
 * That what was presented is not accepted. Any other status does not say so, 429 included: it is no quota of Cloud
 * KMS, which is what `throttled` is about, and the library has already tried again.
 */
const refusals = new Set([400, 401, 403]);

const fileCodes = new Set(["EACCES", "EISDIR", "ENOENT", "ENOTDIR", "EPERM"]);
