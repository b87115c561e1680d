import type { AccessToken, GetTokenOptions, TokenCredential } from "@azure/identity";
import { abortable } from "./abortable.ts";
import { failure } from "./failures.ts";
import { classifySignIn, SignInError } from "./sign-in-error.ts";
import { type SignInScope, signInScope } from "./sign-in-scope.ts";

export interface SharedSignIn extends TokenCredential {
  /** Ends the sign-ins under way. */
  close(): void;
}

interface Flight {
  readonly token: Promise<AccessToken | null>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * A credential that signs in once for everybody who asks meanwhile: the SDK shares a sign-in only between requests
 * with one and the same signal, and each read has its own. Tokens are not kept; the SDK's client does that.
 *
 * Each caller's signal ends its own wait. A sign-in that nobody waits for any longer is ended, and so is one that
 * takes `timeoutMs`: the SDK also renews tokens in the background, where no signal ever aborts.
 */
export function shareSignIn(credential: TokenCredential, timeoutMs: number): SharedSignIn {
  const flights = new Map<string, Flight>();
  let closed = false;

  function start(key: string, scopes: string | string[], options: GetTokenOptions): Flight {
    const controller = new AbortController();
    const scope: SignInScope = { signal: controller.signal };
    const timer = setTimeout(
      () => controller.abort(new SignInError(failure("sign-in-unreachable"))),
      timeoutMs,
    );
    const attempt = signInScope.run(scope, async () =>
      credential.getToken(scopes, { ...options, abortSignal: controller.signal }),
    );
    const token = abortable(attempt, controller.signal)
      .catch((error: unknown) => {
        if (controller.signal.aborted) throw controller.signal.reason;
        throw new SignInError(classifySignIn(error, scope.observed));
      })
      .finally(() => {
        clearTimeout(timer);
        if (flights.get(key) === flight) flights.delete(key);
      });
    const flight: Flight = { token, controller, waiting: 0 };
    flights.set(key, flight);
    return flight;
  }

  return {
    async getToken(scopes, options = {}) {
      // An error would keep the SDK's background renewal trying until the old token expires.
      if (closed) return { token: "", expiresOnTimestamp: 0 };
      const key = JSON.stringify([scopes, options.tenantId, options.claims, options.enableCae]);
      const flight = flights.get(key) ?? start(key, scopes, options);
      flight.waiting += 1;
      try {
        return await waitFor(flight.token, options.abortSignal);
      } finally {
        flight.waiting -= 1;
        if (flight.waiting === 0) {
          flight.controller.abort();
          if (flights.get(key) === flight) flights.delete(key);
        }
      }
    },
    close() {
      closed = true;
      for (const { controller } of flights.values()) controller.abort(new Error("The provider is closed."));
    },
  };
}

function waitFor<T>(promise: Promise<T>, signal: GetTokenOptions["abortSignal"]): Promise<T> {
  // Identity's own type of signal lacks `reason`; what arrives is the platform's.
  return signal instanceof AbortSignal ? abortable(promise, signal) : promise;
}
