import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { LoadOptions } from "./config/load-config.ts";

const folder = new URL("../example/", import.meta.url);

/** The master key in `example/.env.example`. As public as this line, so it may be shown. */
export const exampleMasterKey = "sk-keyward-example";

/** The configuration that runs when none is named: no account needed. A `.env` file here overrides its own. */
export function bundledExample(): LoadOptions {
  const path = [fileURLToPath(new URL(".env.example", folder)), ...(existsSync(".env") ? [".env"] : [])];
  return {
    file: fileURLToPath(new URL("config.yaml", folder)),
    dotenv: { path },
  };
}
