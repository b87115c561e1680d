/**
 * The floor: what passing requests on costs in Node when nothing else is done. No key is checked, no body looked at,
 * no model chosen, no failure told; two headers cross each way.
 */
import { createServer } from "node:http";
import { Pool } from "undici";
import { answerParent, reportPort } from "./parent.ts";

const pool = new Pool(process.argv[2] ?? "", { connections: null, pipelining: 1, allowH2: false });
const crossing = ["content-type", "content-length"];

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = chunks.length === 1 ? (chunks[0] ?? null) : Buffer.concat(chunks);
    const { authorization = "", "content-type": type = "" } = request.headers;
    const headers = ["content-type", type, "authorization", authorization];
    pool.dispatch(
      { method: "POST", path: request.url ?? "/", headers, body },
      {
        onRequestStart(controller) {
          response.on("close", () => {
            if (!response.writableFinished) controller.abort(new Error("the client has gone"));
          });
          response.on("drain", () => controller.resume());
        },
        onResponseStart(_, status, headers) {
          const present = crossing.filter((name) => headers[name] !== undefined);
          response.writeHead(
            status,
            present.flatMap((name) => [name, String(headers[name])]),
          );
        },
        onResponseData(controller, chunk) {
          if (!response.write(chunk)) controller.pause();
        },
        onResponseEnd: () => void response.end(),
        onResponseError: () => void response.destroy(),
      },
    );
  });
});
server.listen(0, "127.0.0.1", () => reportPort(server));
answerParent(() => undefined);
