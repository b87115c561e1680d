import { describeProvider } from "@keyward/conformance";
import { harnessFor } from "./harness.ts";

describeProvider("infisical() with universal auth, current server", harnessFor("new", "universal-auth"));
describeProvider("infisical() with universal auth, server of 2024", harnessFor("old", "universal-auth"));
describeProvider("infisical() with a token, current server", harnessFor("new", "token"));
describeProvider("infisical() with a token, server of 2024", harnessFor("old", "token"));
describeProvider("infisical() with a client, current server", harnessFor("new", "client"));
describeProvider("infisical() with a client, server of 2024", harnessFor("old", "client"));
