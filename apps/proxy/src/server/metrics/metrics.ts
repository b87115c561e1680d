import type { SecretEvent } from "@keyward/core";
import type { Operation, RouteEvent } from "@keyward/llm";
import { Counter } from "./counter.ts";
import { Histogram } from "./histogram.ts";
import { processLines } from "./process.ts";

/** Seconds. Answers of models take from tens of milliseconds to minutes. */
const requestBounds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
const secretBounds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/** What `/metrics` tells. Its labels come from the code and the configuration, never from a request. */
export class Metrics {
  readonly #requests = new Counter("keyward_requests_total", "Requests that have ended.", [
    "endpoint",
    "status",
  ]);
  readonly #durations = new Histogram(
    "keyward_request_duration_seconds",
    "From a request's head to the end of its answer.",
    ["endpoint"],
    requestBounds,
  );
  readonly #calls = new Counter("keyward_model_calls_total", "Calls sent to a model.", [
    "model",
    "operation",
  ]);
  readonly #failures = new Counter(
    "keyward_model_call_failures_total",
    "Calls that failed: the status an upstream refused with, or the code of the proxy's error.",
    ["model", "reason"],
  );
  readonly #routing = new Counter(
    "keyward_routing_events_total",
    "What was done about a deployment that failed: retried, cooled_down or fell_back.",
    ["event", "model"],
  );
  readonly #secrets = new Counter("keyward_secret_events_total", "What happened to secrets.", [
    "event",
    "provider",
  ]);
  readonly #secretFailures = new Counter("keyward_secret_failures_total", "Reads of secrets that failed.", [
    "provider",
    "code",
  ]);
  readonly #secretReads = new Histogram(
    "keyward_secret_read_duration_seconds",
    "Reads of secrets in their stores, failed ones included.",
    ["provider"],
    secretBounds,
  );
  #callsInProgress = 0;

  /** Takes a call if there are fewer than `limit` under way. `endCall` must follow. */
  beginCall(limit: number): boolean {
    if (this.#callsInProgress >= limit) return false;
    this.#callsInProgress++;
    return true;
  }

  endCall(): void {
    this.#callsInProgress--;
  }

  /** @param status 499 when the client left before the end */
  requestEnded(endpoint: string, status: number, seconds: number): void {
    this.#requests.increment(endpoint, String(status));
    this.#durations.observe(seconds, endpoint);
  }

  modelCalled(model: string, operation: Operation): void {
    this.#calls.increment(model, operation);
  }

  modelFailed(model: string, reason: string): void {
    this.#failures.increment(model, reason);
  }

  /** For the `onEvent` of `createEngine`. */
  readonly routeEvent = (event: RouteEvent): void => {
    this.#routing.increment(event.type, event.from.model);
  };

  /** For the `onEvent` of `createSecrets`. The names of secrets are no labels: there may be many. */
  readonly secretEvent = (event: SecretEvent): void => {
    this.#secrets.increment(event.type, event.provider);
    if ("durationMs" in event) this.#secretReads.observe(event.durationMs / 1000, event.provider);
    if (event.type === "failed") this.#secretFailures.increment(event.provider, event.code);
  };

  /** In the text format of Prometheus. */
  text(): string {
    const lines = [
      ...this.#requests.lines(),
      ...this.#durations.lines(),
      "# HELP keyward_model_calls_in_progress Calls of models under way.",
      "# TYPE keyward_model_calls_in_progress gauge",
      `keyward_model_calls_in_progress ${this.#callsInProgress}`,
      ...this.#calls.lines(),
      ...this.#failures.lines(),
      ...this.#routing.lines(),
      ...this.#secrets.lines(),
      ...this.#secretFailures.lines(),
      ...this.#secretReads.lines(),
      ...processLines(),
    ];
    return `${lines.join("\n")}\n`;
  }
}
