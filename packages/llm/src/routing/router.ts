import type { Clock } from "@keyward/core";
import { type Fault, type FaultKind, kindOf } from "../fault.ts";
import type { Call, Exchange, Receiver } from "../transport.ts";
import type { Group } from "./group.ts";
import type { Member } from "./member.ts";
import type { RouteEvent } from "./route-event.ts";
import { RoutedCall } from "./routed-call.ts";
import { type Fallbacks, type RouterSettings, routerDefaults } from "./settings.ts";

/** One header that is wrong must not put a deployment out of use until the next start. In milliseconds. */
const longestCooldown = 3_600_000;

export interface RouterOptions {
  readonly settings: RouterSettings;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onEvent?: ((event: RouteEvent) => void) | undefined;
  /** The deployments under a name, aliases included. */
  readonly groupOf: (name: string) => Group | undefined;
}

/** What all calls share: the settings, and what is known of the deployments. */
export class Router {
  readonly clock: Clock;
  readonly random: () => number;
  readonly groupOf: (name: string) => Group | undefined;
  readonly numRetries: number;
  readonly retryAfterMs: number;
  readonly maxFallbacks: number;
  readonly #options: RouterOptions;

  constructor(options: RouterOptions) {
    const { settings } = options;
    this.#options = options;
    this.clock = options.clock;
    this.random = options.random;
    this.groupOf = options.groupOf;
    this.numRetries = settings.numRetries ?? routerDefaults.numRetries;
    this.retryAfterMs = settings.retryAfterMs ?? routerDefaults.retryAfterMs;
    this.maxFallbacks = settings.maxFallbacks ?? routerDefaults.maxFallbacks;
  }

  send(group: Group, call: Call, receiver: Receiver): Exchange {
    const routed = new RoutedCall(this, group, call, receiver);
    routed.begin();
    return routed;
  }

  /** Takes note of a fault: a deployment that has too many is left alone for a while. */
  noteFault(group: Group, member: Member, fault: Fault): void {
    const { settings } = this.#options;
    if (settings.disableCooldowns) return;
    // To leave the only one alone is to answer nothing at all: for that, somebody must have asked.
    if (group.members.length === 1 && settings.allowedFails === undefined) return;
    const allowed = settings.allowedFails ?? routerDefaults.allowedFails;
    if (!member.failsTooOften(fault, this.clock.now(), allowed)) return;
    const own = settings.cooldownMs ?? routerDefaults.cooldownMs;
    const milliseconds = Math.min(fault.retryAfterMs || own, longestCooldown);
    group.coolDown(member, milliseconds);
    this.tell({ type: "cooled_down", from: fault.from, status: fault.status, milliseconds });
  }

  /** The models to ask after this one, in order. */
  fallbacksOf(name: string, fault: Fault): readonly string[] {
    const { settings } = this.#options;
    const own = this.#special(kindOf(fault))?.[name];
    return own ?? settings.fallbacks?.[name] ?? settings.fallbacks?.["*"] ?? settings.defaultFallbacks ?? [];
  }

  #special(kind: FaultKind): Fallbacks | undefined {
    const { settings } = this.#options;
    if (kind === "context_window") return settings.contextWindowFallbacks;
    return kind === "content_policy" ? settings.contentPolicyFallbacks : undefined;
  }

  tell(event: RouteEvent): void {
    try {
      this.#options.onEvent?.(event);
    } catch {
      // A hook that throws disturbs nobody: the call goes on.
    }
  }
}
