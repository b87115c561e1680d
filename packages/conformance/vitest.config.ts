import { fileURLToPath } from "node:url";
import { mergeConfig } from "vitest/config";
import shared from "../../.config/vitest.ts";

/** The example in the README imports this package by its name. */
export default mergeConfig(shared, {
  resolve: { alias: { "@keyward/conformance": fileURLToPath(new URL("src/index.ts", import.meta.url)) } },
});
