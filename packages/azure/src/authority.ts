/** Where to sign in, and whether Microsoft's list of clouds has to vouch for it. */
export interface Authority {
  /** `https://login.microsoftonline.us` */
  readonly host: string;
  /**
   * Off for a host that is not Microsoft's: the SDK would ask login.microsoftonline.com about it, which does not know
   * it, and which a sealed-off network does not reach.
   */
  readonly disableInstanceDiscovery: boolean;
}

const microsoftHosts = [
  "login.microsoftonline.com",
  "login.windows.net",
  "login.microsoft.com",
  "sts.windows.net",
  "login.microsoftonline.us",
  "login.usgovcloudapi.net",
  "login.chinacloudapi.cn",
  "login.partner.microsoftonline.cn",
  "login.microsoftonline.de",
];

/** @throws Error if it is not an https address. */
export function parseAuthority(text: string): Authority {
  const address = text.includes("://") ? text : `https://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== "https:" || url.username || url.password || url.pathname !== "/") {
    throw new Error(
      "AZURE_AUTHORITY_HOST (or `authorityHost`) has to be an https address without a path, like https://login.microsoftonline.us.",
    );
  }
  return { host: url.origin, disableInstanceDiscovery: !microsoftHosts.includes(url.host) };
}
