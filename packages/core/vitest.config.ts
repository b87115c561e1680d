import { mergeConfig } from "vitest/config";
import shared from "../../.config/vitest.ts";

export default mergeConfig(shared, {
  test: { typecheck: { enabled: true, include: ["src/**/*.test-d.ts"], tsconfig: "tsconfig.json" } },
});
