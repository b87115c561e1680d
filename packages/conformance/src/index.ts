export { checkPromise, type Verdict } from "./check-promise.ts";
export { describeProvider } from "./describe-provider.ts";
export type { Capability, Harness, Limits, Session } from "./harness.ts";
export type { ProviderPromise } from "./promise.ts";
export { providerPromises } from "./provider-promises.ts";
export { BrokenPromise, HarnessFault } from "./verdict.ts";
