export interface WeightOptions {
  /** Its share of the calls, relative to those of the others of its name. */
  readonly weight?: number | undefined;
  /** Requests a minute. Taken for the weight where no deployment of the name has a `weight`; not a limit. */
  readonly rpm?: number | undefined;
  /** Tokens a minute. Taken for the weight where none has a `weight` or an `rpm`; not a limit. */
  readonly tpm?: number | undefined;
}

/** LiteLLM's `simple-shuffle`: by `weight`, else by `rpm`, else by `tpm`, else all alike. Who lacks it gets none. */
export function weightsOf(deployments: readonly WeightOptions[]): number[] {
  for (const measure of ["weight", "rpm", "tpm"] as const) {
    if (deployments.some((deployment) => deployment[measure] !== undefined)) {
      return deployments.map((deployment) => deployment[measure] ?? 0);
    }
  }
  return deployments.map(() => 1);
}
