import { lstatSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Environment } from "../environment-source.ts";
import type { GcpKmsOptions } from "../options.ts";

/** Where processes meet. The version is the protocol's: those that speak another meet elsewhere. */
export interface MeetingPlace {
  readonly folder: string;
  readonly socket: string;
  /** Held while somebody takes the lead. */
  readonly lock: string;
}

/**
 * The place that the options name, or else the environment.
 *
 * @throws TypeError that says which of them is mistaken, and the remedy.
 */
export function meetingPlaceFrom(
  { shareFolder, reuseForMs }: Pick<GcpKmsOptions, "shareFolder" | "reuseForMs">,
  { GOOGLE_KMS_SHARE_FOLDER: variable }: Environment,
): MeetingPlace | undefined {
  if (shareFolder !== undefined) {
    if (reuseForMs === 0) throw mistaken("shareFolder", "shares nothing with reuseForMs 0. Leave it out.");
    if (shareFolder === "") throw mistaken("shareFolder", "is empty. Name a folder, or leave it out.");
    return meetingPlace(shareFolder, "shareFolder");
  }
  if (reuseForMs === 0 || variable === undefined || variable === "") return undefined;
  return meetingPlace(variable, "GOOGLE_KMS_SHARE_FOLDER");
}

/** What every system takes for a socket's path, in bytes. */
const longestPath = 103;

/** @throws TypeError where nobody can meet, or others might join. A folder that is not there yet is made later. */
export function meetingPlace(path: string, origin: string): MeetingPlace {
  if (process.platform === "win32") throw mistaken(origin, "is not available on Windows. Leave it out.");
  const folder = resolve(path);
  const place = {
    folder,
    socket: join(folder, "google-kms-1.sock"),
    lock: join(folder, "google-kms-1.lock"),
  };
  if (Buffer.byteLength(place.socket) > longestPath) {
    throw mistaken(origin, "is too long a path for a socket. Name one of at most 80 bytes.");
  }
  const found = lookAt(folder, origin);
  if (found) requirePrivate(found, origin);
  return place;
}

/**
 * To be called each time before anybody is trusted there: whoever may write to its parent can put another folder in
 * its place once it is gone.
 *
 * @throws where the folder cannot be made, or is not ours alone.
 */
export function openFolder({ folder }: MeetingPlace): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  requirePrivate(lstatSync(folder), "shareFolder");
}

function lookAt(folder: string, origin: string): Found | undefined {
  try {
    return lstatSync(folder, { throwIfNoEntry: false });
  } catch {
    throw mistaken(origin, "cannot be looked at. Check that the folders above it are, and may be entered.");
  }
}

interface Found {
  readonly uid: number;
  readonly mode: number;
  isDirectory(): boolean;
}

/** Whoever may open the folder may ask for what was decrypted. */
function requirePrivate(found: Found, origin: string): void {
  if (!found.isDirectory()) throw mistaken(origin, "is not a folder. Name one, not a file or a link to it.");
  if (found.uid !== process.getuid?.()) {
    throw mistaken(origin, "is a folder of another user. Name one that belongs to the user of this process.");
  }
  if ((found.mode & 0o077) !== 0) {
    throw mistaken(origin, "is a folder that others may open. Take that from them: chmod 700.");
  }
}

function mistaken(origin: string, what: string): TypeError {
  return new TypeError(`Google Cloud KMS: ${origin} ${what}`);
}
