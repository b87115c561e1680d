import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import OpenAI from "openai";
import {
  createLog,
  type LoadedConfig,
  type LoadOptions,
  loadConfig,
  Metrics,
  type Server,
  startServer,
} from "../src/index.ts";

export interface Files extends AsyncDisposable {
  readonly folder: string;
  path(name: string): string;
  write(name: string, text: string): Promise<void>;
}

/** A folder of its own for a test's files. */
export async function files(initial: Readonly<Record<string, string>> = {}): Promise<Files> {
  const folder = await mkdtemp(join(tmpdir(), "keyward-"));
  const made: Files = {
    folder,
    path: (name) => join(folder, name),
    write: (name, text) => writeFile(join(folder, name), text),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
  for (const [name, text] of Object.entries(initial)) await made.write(name, text);
  return made;
}

/** Loads `config.yaml` of a folder with its `.env`, as though nothing were in the environment. */
export async function load(
  { folder, path }: Files,
  onSecretEvent?: LoadOptions["onSecretEvent"],
): Promise<LoadedConfig> {
  const options = { file: path("config.yaml"), dotenv: { cwd: folder, env: {} }, onSecretEvent };
  const config = await loadConfig(options);
  // Never where whoever runs the tests keeps books.
  const elsewhere = { ...config.books, place: { kind: "sqlite", file: path("data/books.db") } as const };
  return config.books.place.kind === "sqlite" ? { ...config, books: elsewhere } : config;
}

export interface RunningProxy extends AsyncDisposable {
  readonly url: string;
  readonly files: Files;
  /** Everything that was logged. */
  readonly log: string[];
  readonly server: Server;
  /** The configuration it was started with. */
  readonly config: LoadedConfig;
  client(apiKey?: string): OpenAI;
}

export const masterKey = "sk-master-0815";

/**
 * A proxy on a port of its own, in this process.
 * @param change what the configuration cannot say
 */
export async function runningProxy(
  config: string,
  env: string,
  change: (loaded: LoadedConfig) => LoadedConfig = (loaded) => loaded,
): Promise<RunningProxy> {
  const folder = await files({ "config.yaml": config, ".env": env });
  const metrics = new Metrics();
  const loaded = change(await load(folder, metrics.secretEvent));
  const log: string[] = [];
  const write = (text: string) => void log.push(text);
  const redact = (text: string) => loaded.secrets.redact(text);
  const logger = createLog({ redact, out: write, error: write });
  const server = await startServer({ config: loaded, port: 0, host: "127.0.0.1", log: logger, metrics });
  const url = `http://127.0.0.1:${server.port}`;
  return {
    url,
    files: folder,
    log,
    server,
    config: loaded,
    client: (apiKey = masterKey) => new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 }),
    async [Symbol.asyncDispose]() {
      await server.close(0);
      await loaded.secrets.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}
