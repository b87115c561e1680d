import { mergeConfig } from "vitest/config";
import shared from "../../.config/vitest.ts";

export default mergeConfig(shared, {
  test: { globalSetup: ["test/setup.ts"], testTimeout: 60_000 },
});
