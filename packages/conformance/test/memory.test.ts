import { describeProvider } from "../src/index.ts";
import { memoryHarness } from "./memory-harness.ts";

describeProvider("memory", memoryHarness());
