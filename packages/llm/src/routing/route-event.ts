import type { DeploymentIdentity } from "../transport.ts";

/** What the router does about faults, for logs and metrics. Holds no value of a secret. */
export type RouteEvent =
  | (RouteStep<"retried"> & {
      /** Milliseconds until the next attempt; 0 when another deployment is asked. */
      readonly waitMs: number;
    })
  | (RouteStep<"cooled_down"> & { readonly milliseconds: number })
  | (RouteStep<"fell_back"> & {
      /** The model that is asked instead. */
      readonly to: string;
    });

interface RouteStep<T extends string> {
  readonly type: T;
  /** The deployment that failed. */
  readonly from: DeploymentIdentity;
  /** The status that stands for its fault. */
  readonly status: number;
}
