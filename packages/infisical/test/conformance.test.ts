import { describeProvider } from "@keyward/conformance";
import { harnessFor } from "./harness.ts";

describeProvider("infisical() with universal auth, current server", harnessFor("new", "universal-auth"));
describeProvider("infisical() with universal auth, server of 2024", harnessFor("old", "universal-auth"));
describeProvider("infisical() with a token, current server", harnessFor("new", "token"));
describeProvider("infisical() with a token, server of 2024", harnessFor("old", "token"));
describeProvider("infisical() with a client, current server", harnessFor("new", "client"));
describeProvider("infisical() with a client, server of 2024", harnessFor("old", "client"));
describeProvider("infisical() from variables alone, current server", harnessFor("new", "variables"));
describeProvider("infisical() from variables alone, server of 2024", harnessFor("old", "variables"));
describeProvider("infisical() from INFISICAL_TOKEN, current server", harnessFor("new", "token-variable"));
describeProvider("infisical() from INFISICAL_TOKEN, server of 2024", harnessFor("old", "token-variable"));
