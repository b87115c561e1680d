import { DotenvFailure, type FailureReason } from "./failures.ts";
import type { EnvFile } from "./options.ts";
import { readBytes } from "./read-bytes.ts";

const reasons: Readonly<Record<string, FailureReason>> = {
  ENOENT: "file-missing",
  ENOTDIR: "file-missing",
  EACCES: "file-denied",
  EPERM: "file-denied",
  EISDIR: "file-is-directory",
};

/** The text of a file; `undefined` if it may be missing and is. */
export async function readText(file: EnvFile, signal: AbortSignal): Promise<string | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await untilAborted(readBytes(file.path, signal), signal);
  } catch (error) {
    if (signal.aborted) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "";
    const reason = reasons[code] ?? "file-unavailable";
    if (reason === "file-missing" && !file.required) return undefined;
    throw new DotenvFailure(reason, file.label, { cause: error });
  }
  return decode(bytes, file.label);
}

/** A network drive that hangs blocks in `open`, which no signal reaches. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** PowerShell's `>` writes UTF-16 with a byte order mark; anything else must be UTF-8, or a value would be damaged. */
function decode(bytes: Uint8Array, label: string): string {
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  const encoding = mark === 0xfffe ? "utf-16le" : mark === 0xfeff ? "utf-16be" : "utf-8";
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    // The decoder's error says no more than the reason does.
    throw new DotenvFailure("file-encoding", label);
  }
  // No variable can hold it: this is UTF-16 without its mark, or no text.
  if (text.includes("\0")) throw new DotenvFailure("file-encoding", label);
  return text;
}
