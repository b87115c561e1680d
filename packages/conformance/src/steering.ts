import type { Capability, Session } from "./harness.ts";
import { HarnessFault } from "./verdict.ts";
import { late, within } from "./wait.ts";

/** What can be wrong with a store. */
export type Trouble = "deny" | "outage" | "throttle" | "corrupt";

export const troubles: readonly Trouble[] = ["deny", "outage", "throttle", "corrupt"];

/** Longer than any check waits, so that a provider that waits it out is noticed. */
export const retryAfterSeconds = 61;

const slowestSteeringMs = 30_000;

/** Calls a method of the harness; what goes wrong in there is not the provider's fault. */
export async function steer<T>(what: string, call: () => Promise<T>): Promise<T> {
  let answer: T | typeof late;
  try {
    answer = await within((async () => call())(), slowestSteeringMs);
  } catch (error) {
    throw new HarnessFault(`The harness's ${what} failed: ${String(error)}`);
  }
  if (answer === late)
    throw new HarnessFault(`The harness's ${what} took over ${slowestSteeringMs / 1000} s.`);
  return answer;
}

export function missing(method: keyof Session, capability: Capability): never {
  throw new HarnessFault(
    `The harness has no ${method}() and does not say why. ` +
      `Add it to the session, or say in \`lacks["${capability}"]\` why the store cannot do this.`,
  );
}
