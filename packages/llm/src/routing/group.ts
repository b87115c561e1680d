import type { Member } from "./member.ts";

/** The deployments of one model. */
export class Group {
  readonly name: string;
  readonly members: readonly Member[];
  readonly #random: () => number;
  readonly #now: () => number;
  readonly #only: Member | undefined;
  readonly #totalWeight: number;
  /** Whether any of them is, or was when last looked at, left alone: most of the time nobody asks for the time. */
  #cooling = false;

  constructor(name: string, members: readonly Member[], random: () => number, now: () => number) {
    this.name = name;
    this.members = members;
    this.#random = random;
    this.#now = now;
    this.#only = members.length === 1 ? members[0] : undefined;
    this.#totalWeight = sum(members);
  }

  coolDown(member: Member, milliseconds: number): void {
    member.coolDown(this.#now() + milliseconds);
    this.#cooling = true;
  }

  /** One by weight, of those that are not left alone and not among the tried. */
  pick(tried?: ReadonlySet<Member>): Member | undefined {
    if (!this.#cooling && tried === undefined) {
      return this.#only ?? draw(this.members, this.#totalWeight, this.#random);
    }
    const now = this.#now();
    const fit = this.members.filter((member) => member.coolUntil <= now);
    this.#cooling = fit.length < this.members.length;
    const fresh = tried === undefined ? fit : fit.filter((member) => !tried.has(member));
    return draw(fresh, sum(fresh), this.#random);
  }

  /** Milliseconds until the first of them is asked again. */
  wait(): number {
    const first = Math.min(...this.members.map((member) => member.coolUntil));
    return Math.max(0, first - this.#now());
  }
}

function sum(members: readonly Member[]): number {
  return members.reduce((total, { weight }) => total + weight, 0);
}

function draw(members: readonly Member[], total: number, random: () => number): Member | undefined {
  if (total === 0) return members[Math.floor(random() * members.length)];
  let left = random() * total;
  for (const member of members) {
    left -= member.weight;
    if (left < 0) return member;
  }
  // Only rounding gets here.
  return members.findLast(({ weight }) => weight > 0);
}
