import { resolve } from "node:path";
import type { Environment } from "../environment-source.ts";
import type { GcpKmsOptions } from "../options.ts";
import { checkMeetingPlace } from "./meeting-place.ts";

/**
 * The folder that the options name, or else the environment.
 *
 * @throws TypeError that says which of them is mistaken, and the remedy.
 */
export function shareFolderFrom(
  { client, shareFolder, reuseForMs }: GcpKmsOptions,
  { GOOGLE_KMS_SHARE_FOLDER: variable }: Environment,
): string | undefined {
  if (shareFolder === undefined) {
    // The variable is there for all providers of a process, also for those that share nothing.
    if (client || reuseForMs === 0 || variable === undefined || variable === "") return undefined;
    return checked(variable, "GOOGLE_KMS_SHARE_FOLDER");
  }
  if (reuseForMs === 0) throw mistaken("shareFolder", "shares nothing with reuseForMs 0. Leave it out.");
  // Whom it asks is not known here, and what a stand-in answers must not reach those who ask Cloud KMS.
  if (client) throw mistaken("shareFolder", "is not for a client that is given. Leave out one of them.");
  if (shareFolder === "") throw mistaken("shareFolder", "is empty. Name a folder, or leave it out.");
  return checked(shareFolder, "shareFolder");
}

function checked(path: string, origin: string): string {
  const folder = resolve(path);
  try {
    checkMeetingPlace(folder);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // The system's own errors have a code, and words for programmers.
    throw mistaken(
      origin,
      "code" in error ? `cannot be used (${error.code}). Check its path.` : error.message,
    );
  }
  return folder;
}

function mistaken(origin: string, what: string): TypeError {
  return new TypeError(`Google Cloud KMS: ${origin} ${what}`);
}
