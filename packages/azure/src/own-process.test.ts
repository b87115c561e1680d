import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeAzure } from "../test/fake-azure.ts";
import { runNode } from "../test/run-node.ts";

let azure: FakeAzure;

beforeEach(async () => {
  azure = await FakeAzure.start();
  azure.vault.secrets.set("A", azure.value);
});
afterEach(() => azure.close());

test("importing the package and making a provider loads no SDK; the first read does", async () => {
  const source = `
    import { registerHooks } from "node:module";
    const loaded = [];
    registerHooks({
      load(url, context, next) {
        const name = /node_modules\\/(@azure\\/[a-z-]+)\\/(?!.*node_modules)/.exec(url)?.[1];
        if (name && !loaded.includes(name)) loaded.push(name);
        return next(url, context);
      },
    });
    const { azureKeyVault } = await import("./src/index.ts");
    const provider = azureKeyVault();
    const before = [...loaded];
    const { value } = await provider.readSecret("A", { signal: new AbortController().signal });
    await provider.close();
    console.log(JSON.stringify({ before, after: loaded, length: value.length }));
  `;
  expect(await runNode(azure, source)).toEqual({
    before: [],
    after: expect.arrayContaining(["@azure/identity", "@azure/keyvault-secrets"]),
    length: azure.value.length,
  });
});

test("a credential of the application's own does without @azure/identity", async () => {
  const source = `
    import { registerHooks } from "node:module";
    let identity = false;
    registerHooks({
      load(url, context, next) {
        identity ||= url.includes("@azure/identity/");
        return next(url, context);
      },
    });
    const { azureKeyVault } = await import("./src/index.ts");
    const credential = { getToken: async () => { throw new Error("not needed"); } };
    const provider = azureKeyVault({ credential });
    const signal = new AbortController().signal;
    const reason = await provider.readSecret("A", { signal }).catch((error) => provider.classify(error).reason);
    await provider.close();
    console.log(JSON.stringify({ identity, reason }));
  `;
  expect(await runNode(azure, source)).toEqual({ identity: false, reason: "credential-failed" });
});

test("the process ends by itself after the last read, without closing the provider", async () => {
  const source = `
    import { azureKeyVault } from "./src/index.ts";
    const provider = azureKeyVault();
    const { value } = await provider.readSecret("A", { signal: new AbortController().signal });
    console.log(JSON.stringify(value.length));
  `;
  expect(await runNode(azure, source)).toBe(azure.value.length);
});

test("closing ends the renewal of a token that fails in the background", async () => {
  // The SDK renews two minutes before the end, and every three seconds tries again.
  azure.entra.expiresIn = 60;
  const source = `
    import { azureKeyVault } from "./src/index.ts";
    const provider = azureKeyVault();
    const { signal } = new AbortController();
    await provider.readSecret("A", { signal });
    await provider.readSecret("A", { signal });
    await provider.close();
    console.log(JSON.stringify("closed"));
  `;
  azure.vault.intercept = (request, response) => {
    if (request.headers.authorization) azure.entra.interceptToken = (_, token) => token.writeHead(500).end();
    azure.vault.answerAsUsual(request, response);
  };
  expect(await runNode(azure, source)).toBe("closed");
  expect(azure.entra.tokenRequests).toBe(2);
});

test("the `ca` option adds to NODE_EXTRA_CA_CERTS and does not replace it", async () => {
  const source = `
    import { azureKeyVault } from "./src/index.ts";
    import { certificates } from "./test/certificates.ts";
    const { authority } = await certificates();
    const provider = azureKeyVault({ ca: authority });
    const { value } = await provider.readSecret("A", { signal: new AbortController().signal });
    await provider.close();
    console.log(JSON.stringify(value.length));
  `;
  expect(await runNode(azure, source)).toBe(azure.value.length);
});

test("a proxy that the environment names is used, for a vault under its real name and for signing in", async () => {
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on("connect", ({ url = "" }, socket) => {
    asked.push(url);
    const { port } = new URL(url === "my.vault.azure.net:443" ? azure.vault.url : `https://${url}`);
    const onward = connect(Number(port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      socket.pipe(onward).pipe(socket);
    });
    // A side that goes away takes the other with it.
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const address = proxy.address();
  const source = `
    import { azureKeyVault } from "./src/index.ts";
    const provider = azureKeyVault();
    const { value } = await provider.readSecret("A", { signal: new AbortController().signal });
    await provider.close();
    console.log(JSON.stringify([provider.name, value.length]));
  `;
  try {
    const extra = {
      HTTPS_PROXY: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
      AZURE_KEY_VAULT_URI: "https://my.vault.azure.net",
      AZURE_KEY_VAULT_DISABLE_CHALLENGE_VERIFICATION: "false",
    };
    expect(await runNode(azure, source, extra)).toEqual([
      "azure-key-vault(https://my.vault.azure.net)",
      azure.value.length,
    ]);
    expect(new Set(asked)).toEqual(new Set(["my.vault.azure.net:443", new URL(azure.entra.url).host]));
  } finally {
    proxy.close();
    proxy.closeAllConnections();
  }
});
