import { defineConfig } from "tsup";

/** ESM only: every supported Node can `require()` it. */
export default defineConfig({
  entry: ["src/index.ts"],
  format: ["esm"],
  platform: "neutral",
  target: "es2024",
  dts: true,
  clean: true,
  sourcemap: false,
  removeNodeProtocol: false,
  external: [/^node:/],
});
