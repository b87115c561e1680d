import { fstatSync } from "node:fs";
import { UserError } from "../user-error.ts";

/** Where a secret comes from: standard input, or a stream like it. */
export type SecretInput = NodeJS.ReadableStream & { readonly isTTY?: boolean; readonly fd?: number };

/** The most that Google encrypts, in bytes. */
const limit = 65_536;
/** A line break of Windows, and what may be left of a character that is cut. */
const spare = 5;

/**
 * What there is to read, less one line break at its end. Of what is too long, enough to be refused for it.
 * @throws UserError when it cannot be read
 */
export async function readSecret(input: SecretInput, howTo: string): Promise<string | Buffer> {
  const bytes = await beginning(input).catch((error: unknown) => {
    // Only its code: what else it says is not known.
    const code = error instanceof Error && "code" in error ? ` (${error.code})` : "";
    throw new UserError(`Standard input cannot be read${code}. ${howTo}`);
  });
  if (bytes.length <= limit + spare) return withoutLineBreak(bytes);
  // Without the character that was cut, for which it would be refused instead.
  return new TextDecoder().decode(bytes, { stream: true });
}

async function beginning(input: SecretInput): Promise<Buffer> {
  // Node makes an empty input of a folder.
  if (input.fd !== undefined && fstatSync(input.fd).isDirectory()) {
    throw Object.assign(new Error("a folder"), { code: "EISDIR" });
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    length += bytes.length;
    if (length > limit + spare) break;
  }
  return Buffer.concat(chunks);
}

function withoutLineBreak(bytes: Buffer): Buffer {
  const end = bytes.at(-1) !== 0x0a ? 0 : bytes.at(-2) === 0x0d ? 2 : 1;
  return bytes.subarray(0, bytes.length - end);
}
