import { LlmError, type LlmErrorCode } from "./errors.ts";
import type { DeploymentIdentity } from "./transport.ts";

/** The socket's and undici's codes, each with ours and with what an operator should look at. */
const failures: Readonly<Record<string, readonly [LlmErrorCode, string]>> = {
  ECONNREFUSED: ["upstream_unreachable", "nothing listens there; check api_base"],
  ENOTFOUND: ["upstream_unreachable", "its name cannot be resolved; check api_base"],
  EAI_AGAIN: ["upstream_unreachable", "its name cannot be resolved at the moment; check the DNS"],
  EHOSTUNREACH: ["upstream_unreachable", "there is no route to it; check the network"],
  ENETUNREACH: ["upstream_unreachable", "there is no route to it; check the network"],
  ETIMEDOUT: ["upstream_unreachable", "it did not accept the connection in time"],
  UND_ERR_CONNECT_TIMEOUT: ["upstream_unreachable", "it did not accept the connection in time"],
  ECONNRESET: ["upstream_unreachable", "it closed the connection without an answer"],
  EPIPE: ["upstream_unreachable", "it closed the connection without an answer"],
  UND_ERR_SOCKET: ["upstream_unreachable", "it closed the connection without an answer"],
  UND_ERR_HEADERS_TIMEOUT: ["upstream_timeout", "it did not answer in time"],
  UND_ERR_BODY_TIMEOUT: ["upstream_timeout", "it stopped in the middle of its answer"],
  HTTPParserError: ["upstream_invalid", "it does not speak HTTP; check the scheme and port of api_base"],
  HPE_INVALID_CONSTANT: ["upstream_invalid", "it does not speak HTTP; check the scheme and port of api_base"],
  ERR_SSL_WRONG_VERSION_NUMBER: [
    "upstream_unreachable",
    "it does not speak TLS; check the scheme of api_base",
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    "upstream_unreachable",
    "its certificate is self-signed; set NODE_EXTRA_CA_CERTS",
  ],
  SELF_SIGNED_CERT_IN_CHAIN: [
    "upstream_unreachable",
    "its certificate is not trusted; set NODE_EXTRA_CA_CERTS",
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    "upstream_unreachable",
    "its certificate is not trusted; set NODE_EXTRA_CA_CERTS",
  ],
  CERT_HAS_EXPIRED: ["upstream_unreachable", "its certificate has expired"],
};

/** Says what it means that no answer came. The SDK's own message stays out: it may quote what was sent. */
export function failureBeforeAnswer(error: Error, upstream: DeploymentIdentity): LlmError {
  const code = codeOf(error);
  const [ours, what] = failures[code] ?? ["upstream_unreachable", "the request to it failed"];
  const { provider, model, origin, secret } = upstream;
  const message = `The upstream of model "${model}" (${provider}, ${origin}) gave no answer: ${what} (${code})`;
  return new LlmError({ code: ours, message, provider, model, secret });
}

/** Says that an answer began and did not end. */
export function failureInAnswer(error: Error, upstream: DeploymentIdentity): LlmError {
  const { provider, model, origin, secret } = upstream;
  const message = `The upstream of model "${model}" (${provider}, ${origin}) broke off its answer (${codeOf(error)})`;
  return new LlmError({
    code: "upstream_interrupted",
    message,
    provider,
    model,
    secret,
  });
}

function codeOf(error: Error): string {
  if ("code" in error && typeof error.code === "string") return error.code;
  // Several addresses were tried: each failed for a reason of its own, and the first one says enough.
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return codeOf(error.errors[0]);
  return error.name;
}
