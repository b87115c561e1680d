import { once } from "node:events";
import type { SecretEvent, Secrets } from "@keyward/core";
import { bundledExample } from "../bundled-example.ts";
import { type LoadedConfig, loadConfig } from "../config/load-config.ts";
import { formatProblems } from "../config/problem.ts";
import { watchFile } from "../config/watch-file.ts";
import { createLog } from "../log.ts";
import { secretLog } from "../secret-log.ts";
import { Metrics } from "../server/metrics/metrics.ts";
import { startServer } from "../server/server.ts";
import { UserError } from "../user-error.ts";
import { announcement } from "./announcement.ts";
import { reloader } from "./reload.ts";

export interface ServeOptions {
  /** Default: the bundled example. */
  readonly config?: string | undefined;
  readonly port: number;
  readonly host?: string | undefined;
}

/** How long requests under way may take to end once the process is asked to, in milliseconds. */
const patience = 30_000;

/** Configurations whose secrets are still masked after they were replaced. */
const masksKept = 8;

/** Runs the proxy until a signal ends it. */
export async function serve({ config: file, port, host }: ServeOptions): Promise<void> {
  const masks: Secrets[] = [];
  const log = createLog({
    redact: (text) => masks.reduce((masked, secrets) => secrets.redact(masked), text),
  });
  const metrics = new Metrics();
  const hear = secretLog(log);
  const load = async (): Promise<LoadedConfig> => {
    let told = false;
    // What goes wrong before is told with its place.
    const onSecretEvent = (event: SecretEvent): void => {
      metrics.secretEvent(event);
      if (told) hear(event);
    };
    const source = file === undefined ? bundledExample() : { file };
    const loaded = await loadConfig({ ...source, onSecretEvent });
    told = true;
    masks.unshift(loaded.secrets);
    masks.splice(masksKept);
    for (const line of formatProblems(loaded.file, loaded.warnings)) log.warn(line);
    return loaded;
  };
  let config = await load();
  const address = listenAddress(config, file, host);
  if (address.remark !== undefined) log.warn(address.remark);
  const apply = (next: LoadedConfig): void => {
    if (next.masterKey === undefined && !isLoopback(address.host)) throw new UserError(unguarded);
    server.replace(next);
    config = next;
  };
  const reload = reloader({ load, apply, log });
  const onSecretChange = (place: string): void => reload(`the secret in ${place} has changed`);
  const server = await startServer({ config, port, host: address.host, log, metrics, onSecretChange });
  const stopWatching =
    file === undefined ? () => {} : watchFile(file, config.text, () => reload(`${file} has changed`));
  process.on("SIGHUP", () => reload("SIGHUP"));
  const url = `http://${shownHost(address.host)}:${server.port}`;
  // Past the mask: the example's key, the only one that an announcement can hold, is meant to be seen.
  process.stdout.write(`${announcement({ config, url }).join("\n")}\n`);
  const signal = await Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
  stopWatching();
  log.info(
    `Ending (${signal[0] ?? "signal"}): requests under way have ${patience / 1000} s; once more to end at once`,
  );
  for (const again of ["SIGTERM", "SIGINT"] as const) process.once(again, () => process.exit(1));
  await server.close(patience);
  await config.secrets.close();
  process.exit(0);
}

const unguarded =
  "There is no master_key in it, but the proxy listens for other machines: set one, or restart without it";

/** Without a key, and with one that everybody knows, only this machine may ask. */
function listenAddress(
  { masterKey }: LoadedConfig,
  file: string | undefined,
  host: string | undefined,
): { host: string | undefined; remark?: string } {
  const loopback = host === undefined || isLoopback(host);
  if (masterKey === undefined) {
    const remark =
      "No master_key: listening on this machine only (127.0.0.1). " +
      "Set general_settings.master_key to be reached from others.";
    return { host: loopback ? (host ?? "127.0.0.1") : "127.0.0.1", remark };
  }
  return { host: file === undefined ? (host ?? "127.0.0.1") : host };
}

function isLoopback(host: string | undefined): boolean {
  return host !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);
}

function shownHost(host: string | undefined): string {
  if (host === undefined || host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
