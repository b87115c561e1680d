import { randomUUID } from "node:crypto";
import { type AzureKeyVaultProvider, type AzureKeyVaultVaultOptions, azureKeyVault } from "../src/index.ts";
import { certificates } from "./certificates.ts";
import { FakeEntra } from "./fake-entra.ts";
import { FakeKeyVault } from "./fake-key-vault.ts";

/** A vault and the tenant it belongs to, on loopback. */
export class FakeAzure {
  readonly entra: FakeEntra;
  readonly vault: FakeKeyVault;
  /** For a secret whose value must not come out of an error. */
  readonly value = `value-${randomUUID()}`;
  /** The authority that vouches for both, in PEM. */
  readonly ca: string;
  readonly #closing: (() => Promise<void>)[] = [];

  private constructor(entra: FakeEntra, vault: FakeKeyVault, ca: string) {
    this.entra = entra;
    this.vault = vault;
    this.ca = ca;
    this.#closing.push(
      () => vault.server.close(),
      () => entra.server.close(),
    );
  }

  static async start(): Promise<FakeAzure> {
    const entra = await FakeEntra.start();
    const vault = await FakeKeyVault.start(entra);
    return new FakeAzure(entra, vault, (await certificates()).authority);
  }

  /** The variables that the reference sets, for this vault and an application that may read it. */
  environment(): Record<string, string> {
    return {
      AZURE_KEY_VAULT_URI: this.vault.url,
      AZURE_TENANT_ID: this.entra.tenantId,
      AZURE_CLIENT_ID: this.entra.clientId,
      AZURE_CLIENT_SECRET: this.entra.clientSecret,
      AZURE_AUTHORITY_HOST: this.entra.url,
      AZURE_KEY_VAULT_DISABLE_CHALLENGE_VERIFICATION: "true",
    };
  }

  /** A provider for this vault. Closed with it. */
  provider(options: AzureKeyVaultVaultOptions = {}): AzureKeyVaultProvider {
    const provider = azureKeyVault({ env: this.environment(), ca: this.ca, ...options });
    this.#closing.unshift(async () => provider.close?.());
    return provider;
  }

  /** What must not come out of an error. */
  sensitive(): string[] {
    return [this.value, this.entra.clientSecret, ...this.entra.tokens];
  }

  async close(): Promise<void> {
    for (const close of this.#closing) await close();
  }
}
