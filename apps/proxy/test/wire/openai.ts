/** Answers as OpenAI writes them; with odd spacing and numbers that nobody would write twice the same way. */

export const chatCompletion = `{
  "id" : "chatcmpl-1", "object": "chat.completion",   "created": 1.7e9,
  "model": "gpt-wire-2024-08-06",
  "choices": [{"index":0,"message":{"role":"assistant","content":"Grüße \\u00e4 🌍","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],
  "usage": {"prompt_tokens":9,"completion_tokens":12,"total_tokens":21,"prompt_tokens_details":{"cached_tokens":0}},
  "service_tier": "default", "field_of_the_future": 12345678901234567890
}
`;

export const toolCall = `{"id":"chatcmpl-2","object":"chat.completion","created":1700000000,"model":"gpt-wire",
"choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"get_weather","arguments":"{\\"city\\": \\"Zürich\\"}"}}],"refusal":null},"logprobs":null,"finish_reason":"tool_calls"}],
"usage":{"prompt_tokens":82,"completion_tokens":17,"total_tokens":99}}`;

export const structured = `{"id":"chatcmpl-3","object":"chat.completion","created":1700000000,"model":"gpt-wire","choices":[{"index":0,"message":{"role":"assistant","content":"{\\"name\\":\\"Ada\\",\\"year\\":1815}","refusal":null},"finish_reason":"stop","logprobs":null}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}`;

function chunk(delta: string, finish = "null", rest = ""): string {
  return `data: {"id":"chatcmpl-4","object":"chat.completion.chunk","created":1700000000,"model":"gpt-wire","choices":[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${finish}}]${rest}}\n\n`;
}

const words = [
  chunk('{"role":"assistant","content":"","refusal":null}'),
  chunk('{"content":"Grüße"}'),
  chunk('{"content":" 🌍"}'),
  ": a comment, which keeps the connection open\n\n",
  chunk("{}", '"stop"'),
];

export const chatStream = `${words.join("")}data: [DONE]\n\n`;

export const chatStreamWithUsage = `${words.join("")}data: {"id":"chatcmpl-4","object":"chat.completion.chunk","created":1700000000,"model":"gpt-wire","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12}}\n\ndata: [DONE]\n\n`;

export const toolStream = `${[
  chunk(
    '{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"get_weather","arguments":""}}]}',
  ),
  chunk('{"tool_calls":[{"index":0,"function":{"arguments":"{\\"city\\":"}}]}'),
  chunk('{"tool_calls":[{"index":0,"function":{"arguments":" \\"Zürich\\"}"}}]}'),
  chunk("{}", '"tool_calls"'),
].join("")}data: [DONE]\n\n`;

/** An upstream that fails in the middle tells so in an event of its own. */
export const failingStream = `${words.slice(0, 2).join("")}data: {"error":{"message":"The server had an error","type":"server_error","param":null,"code":"overloaded"}}\n\n`;

export const embeddings = `{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.0023064255,-0.5e-2]}],"model":"gpt-wire","usage":{"prompt_tokens":8,"total_tokens":8}}`;

export const textCompletion = `{"id":"cmpl-1","object":"text_completion","created":1700000000,"model":"gpt-wire","choices":[{"text":"\\n\\nYes.","index":0,"logprobs":null,"finish_reason":"length"}],"usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12}}`;

export const image = `{"created":1700000000,"data":[{"b64_json":"iVBORw0KGgo="}],"usage":{"total_tokens":100,"input_tokens":50,"output_tokens":50,"input_tokens_details":{"text_tokens":10,"image_tokens":40}}}`;

export const transcription = `{"text":"Imagine the wildest idea that you've ever had…"}`;

export const moderation = `{"id":"modr-1","model":"gpt-wire","results":[{"flagged":true,"categories":{"harassment":true},"category_scores":{"harassment":0.9}}]}`;

const response = `{"id":"resp_1","object":"response","created_at":1700000000,"status":"completed","error":null,"incomplete_details":null,"instructions":null,"model":"gpt-wire","output":[{"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hi 🌍","annotations":[]}]}],"parallel_tool_calls":true,"tool_choice":"auto","tools":[],"metadata":{},"usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3}}`;

export const modelResponse = response;

function named(type: string, rest: string): string {
  return `event: ${type}\ndata: {"type":"${type}",${rest}}\n\n`;
}

const started = response
  .replace('"completed","error"', '"in_progress","error"')
  .replace(/"output":\[.*?\}\],"par/, '"output":[],"par');
const item = '{"type":"message","id":"msg_1","status":"in_progress","role":"assistant","content":[]}';
const place = '"item_id":"msg_1","output_index":0,"content_index":0';

export const responseStreamStart = [
  named("response.created", `"sequence_number":0,"response":${started}`),
  named("response.output_item.added", `"sequence_number":1,"output_index":0,"item":${item}`),
  named(
    "response.content_part.added",
    `"sequence_number":2,${place},"part":{"type":"output_text","text":"","annotations":[]}`,
  ),
  named("response.output_text.delta", `"sequence_number":3,${place},"delta":"Hi "`),
].join("");

export const responseStream = [
  responseStreamStart,
  named("response.output_text.delta", `"sequence_number":4,${place},"delta":"🌍"`),
  named("response.completed", `"sequence_number":5,"response":${response}`),
].join("");
