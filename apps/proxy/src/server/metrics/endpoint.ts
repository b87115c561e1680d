import type { ServerResponse } from "node:http";
import type { Metrics } from "./metrics.ts";

export function sendMetrics(response: ServerResponse, metrics: Metrics): void {
  response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
  response.end(metrics.text());
}
