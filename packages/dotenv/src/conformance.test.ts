import { describeProvider } from "@keyward/conformance";
import { dotenvHarness } from "../test/harness.ts";

describeProvider("dotenv", dotenvHarness);
