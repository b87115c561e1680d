import { createServer, type Socket } from "node:net";
import { type DecryptionMemory, decryptionMemory } from "../src/reuse/decryption-memory.ts";
import { type MeetingPlace, openMeetingPlace } from "../src/sharing/meeting-place.ts";
import { type Sharing, type SharingTimes, shareDecryptions } from "../src/sharing/sharing.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** What a process that shares has. */
export interface SharingMember extends Sharing {
  readonly memory: DecryptionMemory;
}

export interface Stranger {
  /** How often somebody has connected. */
  readonly conversations: number;
}

/** A folder in which members meet over real sockets, all in this process. */
export interface Meeting extends AsyncDisposable {
  readonly folder: string;
  readonly place: MeetingPlace;
  /** @param forMs how old a decryption may be. @param times default: none comes to pass while a test runs. */
  member(times?: Partial<SharingTimes>, forMs?: number): SharingMember;
  /** Something else that listens where the leader should. */
  stranger(serve: (socket: Socket) => void): Promise<Stranger>;
}

const never = 60_000;

export async function openMeeting(): Promise<Meeting> {
  const { path: folder, dispose } = temporaryFolder();
  const place = openMeetingPlace(folder);
  const ends: (() => Promise<void> | void)[] = [];
  return {
    folder,
    place,
    member(times = {}, forMs = never) {
      const memory = decryptionMemory(forMs);
      const all = { electionMs: never, answerMs: never, leaseMs: never, quietMs: never, ...times };
      const sharing = shareDecryptions(folder, memory, forMs, all);
      ends.push(sharing.close);
      return { ...sharing, memory };
    },
    async stranger(serve) {
      const sockets: Socket[] = [];
      const server = createServer((socket) => {
        sockets.push(socket);
        socket.on("error", () => {});
        serve(socket);
      });
      await new Promise<void>((resolve) => server.listen(place.socket, resolve));
      ends.push(() => {
        for (const socket of sockets) socket.destroy();
        server.close();
      });
      return {
        get conversations() {
          return sockets.length;
        },
      };
    },
    async [Symbol.asyncDispose]() {
      for (const end of ends) await end();
      dispose();
    },
  };
}

/** A Cloud KMS that answers when the test says so. */
export function askedByHand() {
  const asked: ReturnType<typeof Promise.withResolvers<string>>[] = [];
  const ask = (): Promise<string> => {
    const answer = Promise.withResolvers<string>();
    asked.push(answer);
    return answer.promise;
  };
  return { asked, ask };
}

export const answering = (text: string) => async () => text;

/** For who is to get it from another. */
export const notAsked = async (): Promise<string> => {
  throw new Error("Cloud KMS was asked");
};
