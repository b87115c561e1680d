import type { LlmError, Operation } from "@keyward/llm";

/** An error in the middle of a stream, as an event that the clients of that stream take for one. */
export function errorEvent(error: LlmError, operation: Operation): string {
  const body = error.toBody(operation);
  // The streams of these two name their events; an unnamed one would be passed over.
  if (operation === "/messages") return `event: error\ndata: ${JSON.stringify(body)}\n\n`;
  if (operation === "/responses") {
    return `event: error\ndata: ${JSON.stringify({ type: "error", sequence_number: 0, ...body })}\n\n`;
  }
  return `data: ${JSON.stringify(body)}\n\n`;
}
