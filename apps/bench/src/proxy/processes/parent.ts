import type { Server } from "node:net";

/** The child's side of `startProcess`. */
export function reportPort(server: Server): void {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server listens on no port.");
  process.send?.({ port: address.port });
}

/** Answers every message of the parent, in order. */
export function answerParent(answer: (message: unknown) => unknown): void {
  let before: Promise<unknown> = Promise.resolve();
  process.on("message", (message) => {
    before = before.then(() => answer(message)).then((answered) => process.send?.({ answered }));
  });
  // Without its parent, whatever became of it, a child has nothing left to do.
  process.on("disconnect", () => process.exit());
}
