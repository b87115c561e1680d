import { bundledExample } from "../bundled-example.ts";
import { loadConfig } from "../config/load-config.ts";
import { UserError } from "../user-error.ts";

export interface AskOptions {
  /** Where the proxy listens. */
  readonly url: string;
  /** Its configuration, for the master key. Default: the bundled example. */
  readonly config?: string | undefined;
  readonly print: (line: string) => void;
}

/** Asks a running proxy one question and prints the answer. @throws UserError when there is none */
export async function ask({ url, config: file, print }: AskOptions): Promise<void> {
  const config = await loadConfig(file === undefined ? bundledExample() : { file });
  await config.secrets.close();
  const key = config.masterKey;
  const headers = {
    "content-type": "application/json",
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
  const base = url.replace(/\/+$/, "");
  const models = await request(`${base}/v1/models`, { headers });
  const model = firstModel(models);
  if (model === undefined) {
    print(`The proxy at ${base} answers, and has no model yet: add one to its model_list`);
    return;
  }
  const content = "Say hello in one sentence.";
  const body = JSON.stringify({ model, messages: [{ role: "user", content }] });
  const answer = await request(`${base}/v1/chat/completions`, { method: "POST", headers, body });
  print(`${model}: ${firstContent(answer)}`);
}

async function request(url: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.timeout(120_000) });
  } catch (error) {
    const why =
      error instanceof Error && error.name === "TimeoutError"
        ? "gave no answer in time"
        : "cannot be reached";
    throw new UserError(
      `${url} ${why}: start the proxy with keyward --config <file>, or name another with --url`,
    );
  }
  const text = await response.text();
  const body = parse(text);
  if (response.ok && body !== undefined) return body;
  const message =
    messageOf(body) ?? (response.ok ? "the answer is not JSON; is this the proxy?" : text.slice(0, 200));
  const hint =
    response.status === 401 ? " (--config <file> or KEYWARD_MASTER_KEY tells this command the key)" : "";
  throw new UserError(`${url} answered with status ${response.status}: ${message}${hint}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Whoever listens there is not the proxy; the caller says so.
    return undefined;
  }
}

function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, step) : undefined),
    value,
  );
}

function firstModel(models: unknown): string | undefined {
  const id = at(models, "data", 0, "id");
  return typeof id === "string" ? id : undefined;
}

function firstContent(answer: unknown): string {
  const content = at(answer, "choices", 0, "message", "content");
  return typeof content === "string" ? content : JSON.stringify(answer);
}

function messageOf(body: unknown): string | undefined {
  const message = at(body, "error", "message");
  return typeof message === "string" ? message : undefined;
}
