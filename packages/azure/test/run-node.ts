import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { FakeAzure } from "./fake-azure.ts";

/**
 * Runs a module's text in a Node process of its own, in this package, and answers what it printed as JSON. The process
 * has the variables that the vault's operator would set, and trusts the vault through `NODE_EXTRA_CA_CERTS`.
 */
export async function runNode(
  azure: FakeAzure,
  source: string,
  extra: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), "keyward-azure-"));
  try {
    const authority = join(folder, "ca.pem");
    await writeFile(authority, azure.ca);
    const PATH = process.env.PATH ?? "";
    const child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", source], {
      cwd: new URL("..", import.meta.url),
      env: { PATH, ...azure.environment(), NODE_EXTRA_CA_CERTS: authority, ...extra },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [output, errors, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit"),
    ]);
    if (code !== 0 || errors !== "") throw new Error(`The process ended with ${code}: ${errors}`);
    return JSON.parse(output);
  } finally {
    await rm(folder, { recursive: true });
  }
}
