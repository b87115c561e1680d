import { LlmError } from "../errors.ts";
import { type Fault, failed } from "../fault.ts";
import type { Call, Exchange, Receiver, Recovery } from "../transport.ts";
import { waitBefore } from "./backoff.ts";
import type { Group } from "./group.ts";
import type { Member } from "./member.ts";
import { retryScope } from "./retry-scope.ts";
import type { Router } from "./router.ts";

/**
 * One call on its way: from deployment to deployment of a model, then to the model's fallbacks, until one of them
 * answers. Bytes go past it, straight from the transport to the receiver; it only hears of faults.
 */
export class RoutedCall implements Exchange, Recovery {
  readonly #router: Router;
  readonly #call: Call;
  readonly #receiver: Receiver;
  #group: Group;
  #member: Member | undefined;
  #exchange: Exchange | undefined;
  #cancelled = false;
  #stopWaiting: (() => void) | undefined;
  #retries = 0;
  #tried: Set<Member> | undefined;
  /** The fault of the model that was asked for: if no fallback answers, it is the one to tell. */
  #original: Fault | undefined;
  #waiting: string[] = [];
  #visited: Set<Group> | undefined;

  constructor(router: Router, group: Group, call: Call, receiver: Receiver) {
    this.#router = router;
    this.#group = group;
    this.#call = call;
    this.#receiver = receiver;
  }

  begin(): void {
    const member = this.#group.pick();
    if (member !== undefined) this.#ask(member);
    else queueMicrotask(() => this.#giveUp(allCooling(this.#group)));
  }

  resume(): void {
    this.#exchange?.resume();
  }

  cancel(): void {
    this.#cancelled = true;
    this.#stopWaiting?.();
    this.#exchange?.cancel();
  }

  takesOver(fault: Fault): boolean {
    if (this.#cancelled) return true;
    if (this.#member !== undefined) this.#router.noteFault(this.#group, this.#member, fault);
    if (this.#retry(fault) || this.#fallBack(fault)) return true;
    if (this.#original === undefined) return false;
    this.#original.tell(this.#receiver);
    return true;
  }

  #ask(member: Member): void {
    this.#member = member;
    this.#exchange = member.transport.send(this.#call, this.#receiver, this);
  }

  #retry(fault: Fault): boolean {
    const member = this.#member;
    const scope = retryScope(fault);
    if (member === undefined || scope === "nowhere") return false;
    if (this.#retries >= (member.numRetries ?? this.#router.numRetries)) return false;
    this.#tried ??= new Set();
    this.#tried.add(member);
    const other = this.#group.pick(this.#tried);
    if (other !== undefined) {
      this.#tellRetry(fault, 0);
      this.#ask(other);
      return true;
    }
    if (scope === "elsewhere" || this.#group.pick() === undefined) return false;
    const { clock, retryAfterMs, random } = this.#router;
    const wait = waitBefore(this.#retries, fault, retryAfterMs, random);
    if (wait === undefined) return false;
    this.#tellRetry(fault, wait);
    this.#stopWaiting = clock.after(wait, () => this.#askAgain(fault));
    return true;
  }

  /** After a wait everybody may be asked again. */
  #askAgain(fault: Fault): void {
    this.#stopWaiting = undefined;
    this.#tried = undefined;
    const member = this.#group.pick();
    if (member === undefined) this.#giveUp(fault);
    else this.#ask(member);
  }

  #tellRetry({ from, status }: Fault, waitMs: number): void {
    this.#retries++;
    this.#router.tell({ type: "retried", from, status, waitMs });
  }

  #fallBack(fault: Fault): boolean {
    const { groupOf, maxFallbacks } = this.#router;
    this.#waiting.unshift(...this.#router.fallbacksOf(this.#group.name, fault));
    if (this.#waiting.length === 0) return false;
    this.#original ??= fault;
    this.#visited ??= new Set([this.#group]);
    for (let name = this.#waiting.shift(); name !== undefined; name = this.#waiting.shift()) {
      const group = groupOf(name);
      if (group === undefined || this.#visited.has(group) || this.#visited.size > maxFallbacks) continue;
      this.#visited.add(group);
      const member = group.pick();
      if (member === undefined) continue;
      this.#router.tell({ type: "fell_back", from: fault.from, status: fault.status, to: name });
      this.#group = group;
      this.#retries = 0;
      this.#tried = undefined;
      this.#ask(member);
      return true;
    }
    return false;
  }

  /** For when no transport is there to tell the receiver. */
  #giveUp(fault: Fault): void {
    if (this.#cancelled || this.#fallBack(fault)) return;
    (this.#original ?? fault).tell(this.#receiver);
  }
}

function allCooling(group: Group): Fault {
  const retryAfterMs = group.wait();
  const seconds = Math.ceil(retryAfterMs / 1000);
  const message = `Every deployment of model "${group.name}" failed a moment ago: try again in ${seconds} s`;
  const model = group.name;
  const error = new LlmError({ code: "no_deployment_available", message, model, retryAfterMs });
  return failed(error, { provider: "", model, deployment: "", origin: "", secret: undefined });
}
