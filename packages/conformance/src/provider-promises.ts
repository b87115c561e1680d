import type { ProviderPromise } from "./promise.ts";
import { abort } from "./promises/abort.ts";
import { absence } from "./promises/absence.ts";
import { classification } from "./promises/classification.ts";
import { closing } from "./promises/closing.ts";
import { concurrency } from "./promises/concurrency.ts";
import { failures } from "./promises/failures.ts";
import { freshness } from "./promises/freshness.ts";
import { leaks } from "./promises/leaks.ts";
import { listing } from "./promises/listing.ts";
import { names } from "./promises/names.ts";
import { sideEffects } from "./promises/side-effects.ts";
import { throughCore } from "./promises/through-core.ts";
import { values } from "./promises/values.ts";
import { versions } from "./promises/versions.ts";
import { watching } from "./promises/watching.ts";

/** Every promise of the contract, in the order in which a new provider comes to keep them. */
export const providerPromises: readonly ProviderPromise[] = [
  ...values,
  ...absence,
  ...names,
  ...versions,
  ...freshness,
  ...failures,
  ...classification,
  ...abort,
  ...concurrency,
  ...listing,
  ...watching,
  ...closing,
  ...sideEffects,
  ...leaks,
  ...throughCore,
];
