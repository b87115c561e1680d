import { expect, test } from "vitest";
import { routerSettingsFrom } from "./litellm-settings.ts";

test("says in this package's words what LiteLLM's settings say", () => {
  const router = {
    num_retries: 1,
    retry_after: 2,
    timeout: 3,
    stream_timeout: 0.5,
    allowed_fails: 4,
    cooldown_time: 5,
    disable_cooldowns: false,
    max_fallbacks: 6,
    fallbacks: [{ a: ["b"] }, { c: ["d"], a: ["late"] }],
    context_window_fallbacks: [{ a: ["long"] }],
    content_policy_fallbacks: [{ a: ["lax"] }],
    default_fallbacks: ["any"],
    model_group_alias: { x: "a", y: { model: "a", hidden: true } },
  };
  expect(routerSettingsFrom(router)).toEqual({
    numRetries: 1,
    retryAfterMs: 2_000,
    timeoutMs: 3_000,
    streamTimeoutMs: 500,
    allowedFails: 4,
    cooldownMs: 5_000,
    disableCooldowns: false,
    maxFallbacks: 6,
    fallbacks: { a: ["b"], c: ["d"] },
    contextWindowFallbacks: { a: ["long"] },
    contentPolicyFallbacks: { a: ["lax"] },
    defaultFallbacks: ["any"],
    modelGroupAlias: { x: "a", y: { model: "a", hidden: true } },
  });
});

test("router_settings go before litellm_settings", () => {
  const general = {
    num_retries: 9,
    request_timeout: 9,
    allowed_fails: 9,
    cooldown_time: 9,
    fallbacks: [{ a: ["b"] }],
  };
  expect(routerSettingsFrom({ num_retries: 0 }, general)).toMatchObject({
    numRetries: 0,
    timeoutMs: 9_000,
    allowedFails: 9,
    cooldownMs: 9_000,
    fallbacks: { a: ["b"] },
  });
});

test("what is not said keeps its default", () => {
  expect(Object.values(routerSettingsFrom()).every((value) => value === undefined)).toBe(true);
});
