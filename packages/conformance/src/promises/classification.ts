import { type Failure, type FailureKind, isSecretError } from "@keyward/core";
import { exercise } from "../exercise.ts";
import { tellError } from "../expectation.ts";
import { failureOf } from "../failure-of.ts";
import type { ProviderPromise } from "../promise.ts";
import type { Stage } from "../stage.ts";
import { retryAfterSeconds, type Trouble } from "../steering.ts";
import type { Trial } from "../trial.ts";
import { broke, notAsked, seeInstead } from "../verdict.ts";
import { thrownPromise, warmStage } from "./failures.ts";

const kinds: readonly FailureKind[] = ["denied", "unavailable", "throttled", "invalid", "unknown"];

// What a store says may be a date, whole seconds only, and some time ago.
const retryAfterToleranceMs = 2_000;

export const classification: readonly ProviderPromise[] = [
  {
    id: "denial-is-denied",
    title: "a refused identity is classified as `denied`",
    remedy: "Map the SDK's error for it (usually 401, 403 or a failed sign-in) to `denied` in classify.",
    needs: ["deny"],
    check: (trial) => isOneOf(trial, "deny", ["denied"]),
  },
  {
    id: "outage-is-unavailable",
    title: "a store out of reach is classified as `unavailable`",
    remedy: "Map the SDK's network errors and 5xx to `unavailable` in classify, so that core retries.",
    needs: ["outage"],
    check: (trial) => isOneOf(trial, "outage", ["unavailable"]),
  },
  {
    id: "throttling-is-throttled",
    title: "'too many requests' is classified as `throttled`",
    remedy: "Map the SDK's error for it (usually 429) to `throttled` in classify.",
    needs: ["throttle"],
    check: (trial) => isOneOf(trial, "throttle", ["throttled"]),
  },
  {
    id: "retry-after-is-handed-on",
    title: "the wait that a throttling store asks for is handed on as `retryAfterMs`",
    remedy:
      "Read the store's Retry-After in classify and return it in milliseconds; if the store says none, declare it.",
    needs: ["throttle", "retry after"],
    async check(trial) {
      const { failure } = await classified(trial, "throttle");
      const wanted = retryAfterSeconds * 1000;
      if (failure.retryAfterMs === undefined) broke("classify returned no retryAfterMs.");
      if (Math.abs(failure.retryAfterMs - wanted) <= retryAfterToleranceMs) return;
      broke(`The store asked for ${wanted} ms and classify returned ${failure.retryAfterMs} ms.`);
    },
  },
  {
    id: "nonsense-is-classified",
    title: "an answer that makes no sense is neither `denied` nor `throttled`",
    remedy: "Classify it as `invalid`, or as `unavailable` where a proxy in between may have answered.",
    needs: ["corrupt"],
    check: (trial) => isOneOf(trial, "corrupt", ["invalid", "unavailable", "unknown"]),
  },
  {
    id: "classification-is-well-formed",
    title: "`classify` answers anything thrown, the same each time, in the form that core expects",
    remedy:
      "Return one of the five kinds or undefined; a `reason` in kebab-case; never throw, whatever was thrown.",
    async check(trial) {
      const stage = await trial.open();
      if (stage.provider.classify === undefined) notAsked("the provider has no classify");
      const foreign: unknown[] = [
        undefined,
        null,
        "text",
        42,
        {},
        Object.create(null),
        new Error("x"),
        new AggregateError([]),
      ];
      for (const error of foreign) wellFormed(stage, error);
      await exercise(trial, (error, other) => wellFormed(other, error));
    },
  },
];

async function isOneOf(trial: Trial, trouble: Trouble, expected: readonly FailureKind[]): Promise<void> {
  const { stage, error, failure } = await classified(trial, trouble);
  if (expected.includes(failure.kind)) return;
  const told = tellError(error, [...stage.values, ...stage.credentials]);
  broke(
    `After ${trouble}(), classify said \`${failure.kind}\` instead of \`${expected.join("` or `")}\` of: ${told}`,
  );
}

async function classified(
  trial: Trial,
  trouble: Trouble,
): Promise<{ stage: Stage; error: unknown; failure: Failure }> {
  const stage = await warmStage(trial);
  await stage.trouble(trouble);
  const outcome = await stage.attemptFailing(stage.names[0]);
  if (outcome.status !== "failed") seeInstead(thrownPromise[trouble]);
  if (stage.provider.classify === undefined && !isSecretError(outcome.error)) {
    notAsked("the provider has no classify, so every failure is `unknown`");
  }
  return {
    stage,
    error: outcome.error,
    failure: stage.classify(outcome.error),
  };
}

function wellFormed(stage: Stage, error: unknown): void {
  const what = error instanceof Error ? "an Error" : `something of type ${typeof error}`;
  let answers: [Failure, Failure];
  try {
    answers = [failureOf(stage.provider, error), failureOf(stage.provider, error)];
  } catch {
    // Not shown: what classify throws may hold anything.
    broke(`classify threw when it was given ${what}.`);
  }
  const [{ kind, reason, remedy, retryAfterMs }, again] = answers;
  if (!kinds.includes(kind)) broke(`classify answered a kind that does not exist when it was given ${what}.`);
  if (again.kind !== kind || again.reason !== reason)
    broke(`classify gave two different answers to ${what}.`);
  if (reason !== undefined && !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(reason))
    broke("A `reason` is not in kebab-case.");
  if (remedy !== undefined && !/\S[.!]$/.test(remedy))
    broke("A `remedy` is not a sentence that ends in a full stop.");
  if (retryAfterMs !== undefined && !(Number.isFinite(retryAfterMs) && retryAfterMs >= 0)) {
    broke("A `retryAfterMs` is not a finite number of milliseconds from 0 up.");
  }
}
