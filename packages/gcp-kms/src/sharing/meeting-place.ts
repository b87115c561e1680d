import { lstatSync, mkdirSync, realpathSync, type Stats } from "node:fs";
import { dirname, join } from "node:path";

/** Where processes meet. The number is the protocol's: those that speak another meet elsewhere. */
export interface MeetingPlace {
  readonly socket: string;
  /** Held while somebody takes the lead. */
  readonly lock: string;
}

/** What every system takes for a socket's path, in bytes. */
const longestPath = 103;

/**
 * Makes the folder if it is not there. To be called each time before anybody in it is trusted.
 *
 * @throws Error with a sentence about the folder, unless it is ours alone and nobody else can put another in its place.
 */
export function openMeetingPlace(folder: string): MeetingPlace {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return meetingPlaceIn(folder);
}

/** The same for a folder that need not be there yet, and is not made. */
export function checkMeetingPlace(folder: string): void {
  if (process.platform === "win32") throw new Error("is not available on Windows. Leave it out.");
  const there = lstatSync(folder, { throwIfNoEntry: false });
  if (there) meetingPlaceIn(folder);
  else {
    placeIn(folder);
    checkFoldersAbove(folder);
  }
}

function meetingPlaceIn(folder: string): MeetingPlace {
  const found = lstatSync(folder);
  if (!found.isDirectory()) throw new Error("is not a folder. Name one, not a file or a link to it.");
  if (!isOurs(found)) {
    throw new Error("is a folder of another user. Name one that belongs to the user of this process.");
  }
  if ((found.mode & 0o077) !== 0) {
    throw new Error("is a folder that others may open. Take that from them: chmod 700.");
  }
  const real = realpathSync(folder);
  checkFoldersAbove(real);
  return placeIn(real);
}

/** @throws Error where no socket can be. */
function placeIn(folder: string): MeetingPlace {
  const place = { socket: join(folder, "google-kms-1.sock"), lock: join(folder, "google-kms-1.lock") };
  if (Buffer.byteLength(place.socket) > longestPath) {
    throw new Error("is too long a path for a socket. Name one of at most 80 bytes.");
  }
  return place;
}

/** As OpenSSH does: whoever may rename a folder above can put another in the place of ours. */
function checkFoldersAbove(folder: string): void {
  let above = dirname(folder);
  while (!lstatSync(above, { throwIfNoEntry: false })) above = dirname(above);
  above = realpathSync(above);
  for (let below = ""; above !== below; below = above, above = dirname(above)) {
    const found = lstatSync(above);
    const kept = (found.mode & 0o022) === 0 || (found.mode & 0o1000) !== 0;
    if (kept && (found.uid === 0 || isOurs(found))) continue;
    throw new Error(
      `is in a folder that others may change: ${above}. Name one in which only this user and root may rename folders.`,
    );
  }
}

function isOurs({ uid }: Stats): boolean {
  return uid === process.getuid?.();
}
