import type { ProviderTable } from "./provider-row.ts";

/** The providers by the prefix of their model strings: `azure/my-deployment`. */
export const providerTable: ProviderTable = {
  openai: {
    url: "{base}{operation}",
    base: "https://api.openai.com/v1",
    keyName: "OPENAI_API_KEY",
    keyHeader: "authorization",
    keyPrefix: "Bearer ",
  },
  azure: {
    url: "{base}/openai/deployments/{model}{operation}?api-version={version}",
    baseName: "AZURE_API_BASE",
    version: "2024-10-21",
    keyName: "AZURE_API_KEY",
    keyHeader: "api-key",
    keyPrefix: "",
  },
};
