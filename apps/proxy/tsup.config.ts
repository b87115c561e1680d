import { defineConfig } from "tsup";

/** Split at dynamic imports, so that a command loads only what it needs. */
export default defineConfig({
  entry: ["src/index.ts", "src/main.ts"],
  format: ["esm"],
  platform: "node",
  target: "es2023",
  dts: { entry: "src/index.ts" },
  splitting: true,
  // There is no "sqlite", only "node:sqlite".
  removeNodeProtocol: false,
  clean: true,
});
