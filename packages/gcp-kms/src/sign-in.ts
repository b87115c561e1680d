import type { GoogleAuth } from "google-gax";
import { credentialFailure } from "./credential-failure.ts";
import { GcpKmsError } from "./failures.ts";

type AuthClient = Awaited<ReturnType<GoogleAuth["getClient"]>>;

/**
 * Loads the credentials, and has every failure to get a token from them say in our words what it is. The vendor's
 * client hands on such a failure as its message only, in which over gRPC no status is left to tell a refusal from an
 * outage by, and which over REST passes for one of Cloud KMS. It may also quote a credential.
 *
 * @throws GcpKmsError
 */
export async function signIn(auth: GoogleAuth): Promise<void> {
  const client = await auth.getClient().catch((error: unknown) => {
    throw new GcpKmsError(credentialFailure(error) ?? "credentials-file-invalid");
  });
  nameFailures(client);
}

function nameFailures(client: AuthClient): void {
  const getRequestHeaders = client.getRequestHeaders.bind(client);
  const request = client.request.bind(client);
  // What gRPC asks for a token.
  client.getRequestHeaders = (url) =>
    getRequestHeaders(url).catch((error: unknown) => {
      throw new GcpKmsError(credentialFailure(error) ?? "token-unavailable");
    });
  // What REST sends requests with. The token is at hand when it looks for one itself.
  client.request = async <T>(options: Parameters<typeof request>[0]) => {
    await client.getRequestHeaders();
    // With a signal that has aborted meanwhile node-fetch destroys the body, and the process with it.
    options.signal?.throwIfAborted();
    return request<T>(options);
  };
}
