/** A program between clients and upstream, under way. */
export interface Running extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
}

export interface Contender {
  readonly name: string;
  /** Why it cannot take part on this machine, as a sentence. */
  readonly missing?: string | undefined;
  /** Starts it in a process of its own. */
  start(upstreamPort: number): Promise<Running>;
}
