import { untilAborted } from "./abort.ts";
import type { Access } from "./access.ts";
import type { InfisicalClient } from "./client.ts";
import { InfisicalFailure } from "./failures.ts";

const mostGivenUp = 4;

/**
 * Calls a client as it is. A call that outlasts its signal is given up and goes on by itself: with the vendor's SDK
 * for 65 s against a hung server, and for up to 301 s when a body stalls. Only so many are let be at a time.
 */
export function uncancellableAccess(client: InfisicalClient): Access {
  let givenUp = 0;
  return async (use, signal) => {
    if (givenUp >= mostGivenUp) throw new InfisicalFailure("calls-unanswered");
    let ended = false;
    const call = use(client).finally(() => {
      ended = true;
    });
    try {
      return await untilAborted(call, signal);
    } catch (error) {
      if (!ended) {
        givenUp += 1;
        const end = () => {
          givenUp -= 1;
        };
        call.then(end, end);
      }
      throw error;
    }
  };
}
