import { inMemory } from "@keyward/core";
import { describeProvider } from "../src/index.ts";

const inProcess = "a store in this process does not fail";

describeProvider("core's inMemory", {
  lacks: {
    deny: inProcess,
    outage: inProcess,
    throttle: inProcess,
    delay: inProcess,
    corrupt: inProcess,
  },
  async open() {
    const provider = inMemory();
    const seeded = new Map<string, number>();
    return {
      provider,
      async seed(key, value) {
        provider.set(key, value);
        const version = (seeded.get(key) ?? 0) + 1;
        seeded.set(key, version);
        return { version: String(version) };
      },
      remove: async (key) => provider.delete(key),
      dispose: async () => undefined,
    };
  },
});
