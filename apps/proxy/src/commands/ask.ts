import { UserError } from "../user-error.ts";
import { findMasterKey, type MasterKey } from "./master-key.ts";

export interface AskOptions {
  /** Where the proxy listens. */
  readonly url: string;
  /** Its configuration, for the master key. Default: a `config.yaml` here, or the bundled example. */
  readonly config?: string | undefined;
  readonly print: (line: string) => void;
}

/** Asks a running proxy one question and prints the answer. @throws UserError when there is none */
export async function ask({ url, config: file, print }: AskOptions): Promise<void> {
  const master = await findMasterKey(file, url);
  const { key } = master;
  const headers = {
    "content-type": "application/json",
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
  const base = url.replace(/\/+$/, "");
  const models = await request(`${base}/v1/models`, { headers }, (status) => hint(status, master));
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

/** What to do about a refusal that may be due to the key. */
function hint(status: number, { source, problem }: MasterKey): string {
  if (source !== undefined) {
    return status === 401
      ? ` (this is the key of ${source}: KEYWARD_MASTER_KEY or --config <file> tells this command another)`
      : "";
  }
  if (![401, 403, 503].includes(status)) return "";
  const howTo =
    "set KEYWARD_MASTER_KEY to the proxy's master key, or name its configuration with --config <file>";
  return ` (no master key was found: ${howTo})${problem === undefined ? "" : `\n${problem}`}`;
}

async function request(
  url: string,
  init: RequestInit,
  hintFor: (status: number) => string = () => "",
): Promise<unknown> {
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
  throw new UserError(
    `${url} answered with status ${response.status}: ${message}${hintFor(response.status)}`,
  );
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
