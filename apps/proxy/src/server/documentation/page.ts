import type { ServerResponse } from "node:http";
import type { Endpoint } from "../endpoint.ts";

/** A page for people: no script, nothing from elsewhere. */
export function sendPage(response: ServerResponse, endpoints: readonly Endpoint[]): void {
  response.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  });
  response.end(page(endpoints));
}

function page(endpoints: readonly Endpoint[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Keyward</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  td, th { text-align: left; vertical-align: top; padding: 0.3rem 1rem 0.3rem 0; }
  code { font-size: 0.95em; }
  pre { background: #8881; padding: 1rem; overflow: auto; }
</style>
<h1>Keyward</h1>
<p>Any OpenAI client works with <code>/v1</code> of this address as its base URL, Anthropic's with the address itself,
and Azure's with it as their endpoint. Requests and answers pass through unchanged but for the model's name.</p>
<pre>curl $URL/v1/chat/completions -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\
  -d '{"model": "...", "messages": [{"role": "user", "content": "Hello"}]}'</pre>
<table>
<tr><th>Method<th>Path<th>What it does<th>Key
${endpoints.map(row).join("\n")}
</table>
<p>Every path under <code>/v1</code> is also served without it. Programs read <a href="openapi.json">openapi.json</a>.</p>
`;
}

function row({ method, path, summary, open }: Endpoint): string {
  return `<tr><td>${method}<td><code>${escapeHtml(path)}</code><td>${escapeHtml(summary)}<td>${open === true ? "no" : "yes"}`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
