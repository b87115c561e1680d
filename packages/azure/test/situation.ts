import { vi } from "vitest";
import type { Reason } from "../src/failures.ts";
import type { AzureKeyVaultVaultOptions } from "../src/options.ts";
import type { FakeAzure } from "./fake-azure.ts";
import type { Answer, Handler } from "./https-server.ts";
import type { Attributes } from "./stored-secrets.ts";

export interface Situation {
  readonly what: string;
  readonly reason: Reason;
  readonly retryAfterMs?: number;
  /** What is asked for. Default: `A`, which the vault holds. */
  readonly key?: string;
  /** Brings the situation about, and says how the provider is made in it. */
  arrange(
    azure: FakeAzure,
  ): AzureKeyVaultVaultOptions | undefined | Promise<AzureKeyVaultVaultOptions | undefined>;
}

export function inVault(what: string, reason: Reason, attributes: Attributes): Situation {
  return {
    what,
    reason,
    arrange({ vault, value }) {
      vault.secrets.set("A", value, attributes);
      return undefined;
    },
  };
}

/** The vault answers this to whoever has signed in. */
export function answered(what: string, reason: Reason, answer: Answer): Situation {
  return {
    what,
    reason,
    arrange({ vault }) {
      vault.answer = answer;
      return undefined;
    },
  };
}

/** Something else answers in the vault's place. */
export function before(what: string, reason: Reason, handler: Handler): Situation {
  return {
    what,
    reason,
    arrange({ vault }) {
      vault.intercept = handler;
      return undefined;
    },
  };
}

export function entra(
  what: string,
  reason: Reason,
  endpoint: "configuration" | "token",
  handler: Handler,
): Situation {
  return {
    what,
    reason,
    arrange({ entra }) {
      if (endpoint === "token") entra.interceptToken = handler;
      else entra.interceptConfiguration = handler;
      return undefined;
    },
  };
}

/** Nothing is set up but the chain's own variable. */
export function chained(what: string, reason: Reason, chain: string): Situation {
  return {
    what,
    reason,
    arrange(azure) {
      const environment = azure.environment();
      for (const name of Object.keys(environment)) vi.stubEnv(name, undefined);
      vi.stubEnv("AZURE_TOKEN_CREDENTIALS", chain);
      return { env: { ...environment, AZURE_CLIENT_SECRET: undefined } };
    },
  };
}

export function configured(what: string, reason: Reason, options: AzureKeyVaultVaultOptions): Situation {
  return { what, reason, arrange: () => options };
}

export function bare(status: number, headers: Readonly<Record<string, string>> = {}): Handler {
  return (_, response) => void response.writeHead(status, headers).end();
}

export function html(status: number): Handler {
  return (_, response) =>
    void response.writeHead(status, { "content-type": "text/html" }).end("<html>Please sign in.</html>");
}
