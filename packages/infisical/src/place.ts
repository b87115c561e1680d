/** @returns the folder with one slash before each name, as `/llm/eu`. @throws TypeError that says what is wrong. */
export function folderPath(text: string): string {
  const names = text
    .trim()
    .replace(/^\/|\/$/g, "")
    .split("/");
  if (names.length === 1 && names[0] === "") return "/";
  if (names.some((name) => name === "" || name === "." || name === "..")) {
    throw new TypeError("secretPath (INFISICAL_SECRET_PATH) must be a path from the root, as /llm/eu");
  }
  return `/${names.join("/")}`;
}

/**
 * @returns the address without a slash at its end.
 * @throws TypeError that says what is wrong, and not what was given: people paste addresses with passwords in them.
 */
export function siteAddress(text: string): string {
  const url = URL.parse(text.trim());
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new TypeError("siteUrl (INFISICAL_SITE_URL) must be an address as https://infisical.example.com");
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new TypeError("siteUrl (INFISICAL_SITE_URL) must hold no user, password, query or fragment");
  }
  const path = url.pathname.replace(/\/+$/, "");
  if (path.endsWith("/api")) {
    throw new TypeError("siteUrl (INFISICAL_SITE_URL) must not end with /api: the client adds that itself");
  }
  return url.origin + path;
}
