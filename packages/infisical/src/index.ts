export type { InfisicalClient, SecretLocation } from "./client.ts";
export type { InfisicalOptions } from "./options.ts";
export { infisical } from "./provider.ts";
