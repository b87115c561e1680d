import { once } from "node:events";
import { Agent, type ClientRequest, type IncomingMessage, request } from "node:http";
import { masterKey } from "./running-proxy.ts";

/** A client on a connection of its own that can leave at any time, as a process does that is killed. */
export interface LeavingClient {
  /** Resolves with the head of the answer; rejects when there is none. */
  readonly answer: Promise<IncomingMessage>;
  leave(): void;
}

export function leavingClient(url: string, body: string, path = "/v1/chat/completions"): LeavingClient {
  const agent = new Agent({ keepAlive: false });
  const headers = { authorization: `Bearer ${masterKey}`, "content-type": "application/json" };
  const sent: ClientRequest = request(url + path, { method: "POST", headers, agent });
  // Whoever leaves hears of the end of its own connection, at any point.
  sent.on("error", () => {});
  const answer = once(sent, "response").then(([message]: IncomingMessage[]) => {
    if (message === undefined) throw new Error("an answer without a head");
    message.on("error", () => {});
    return message;
  });
  // Who leaves before the answer waits for none.
  answer.catch(() => {});
  sent.end(body);
  return { answer, leave: () => sent.destroy() };
}
