/** Answers as Anthropic writes them. */

export const message = `{"id":"msg_1","type":"message","role":"assistant","model":"claude-wire","content":[{"type":"text","text":"Grüße 🌍"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":6,"service_tier":"standard"}}`;

export const toolUse = `{"id":"msg_2","type":"message","role":"assistant","model":"claude-wire","content":[{"type":"text","text":"I look it up."},{"type":"tool_use","id":"toolu_1","name":"get_weather","input":{"city":"Zürich","days":1.0}}],"stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":12,"output_tokens":6}}`;

function event(type: string, rest = ""): string {
  return `event: ${type}\ndata: {"type":"${type}"${rest}}\n\n`;
}

export const messageStreamStart = [
  event(
    "message_start",
    `,"message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-wire","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":12,"output_tokens":1}}`,
  ),
  event("content_block_start", `,"index":0,"content_block":{"type":"text","text":""}`),
  event("ping"),
  event("content_block_delta", `,"index":0,"delta":{"type":"text_delta","text":"Grüße"}`),
].join("");

export const messageStream = [
  messageStreamStart,
  event("content_block_delta", `,"index":0,"delta":{"type":"text_delta","text":" 🌍"}`),
  event("content_block_stop", `,"index":0`),
  event(
    "message_delta",
    `,"delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":6}`,
  ),
  event("message_stop"),
].join("");

export const failingStream = `${messageStreamStart}${event("error", `,"error":{"type":"overloaded_error","message":"Overloaded"}`)}`;
