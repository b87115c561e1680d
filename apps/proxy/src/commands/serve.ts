import { once } from "node:events";
import { bundledExample } from "../bundled-example.ts";
import { type LoadedConfig, loadConfig } from "../config/load-config.ts";
import { formatProblems } from "../config/problem.ts";
import { createLog } from "../log.ts";
import { startServer } from "../server/server.ts";
import { announcement } from "./announcement.ts";

export interface ServeOptions {
  /** Default: the bundled example. */
  readonly config?: string | undefined;
  readonly port: number;
  readonly host?: string | undefined;
}

/** How long requests under way may take to end once the process is asked to, in milliseconds. */
const patience = 30_000;

/** Runs the proxy until a signal ends it. */
export async function serve({ config: file, port, host }: ServeOptions): Promise<void> {
  const config = await loadConfig(file === undefined ? bundledExample() : { file });
  const log = createLog({ redact: (text) => config.secrets.redact(text) });
  for (const line of formatProblems(config.file, config.warnings)) log.warn(line);
  const address = listenAddress(config, file, host);
  if (address.remark !== undefined) log.warn(address.remark);
  const server = await startServer({ config, port, host: address.host, log });
  const url = `http://${shownHost(address.host)}:${server.port}`;
  // Past the mask: the example's key, the only one that an announcement can hold, is meant to be seen.
  process.stdout.write(`${announcement({ config, url }).join("\n")}\n`);
  const signal = await Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
  log.info(
    `Ending (${signal[0] ?? "signal"}): requests under way have ${patience / 1000} s; once more to end at once`,
  );
  for (const again of ["SIGTERM", "SIGINT"] as const) process.once(again, () => process.exit(1));
  await server.close(patience);
  await config.secrets.close();
  process.exit(0);
}

/** Without a key, and with one that everybody knows, only this machine may ask. */
function listenAddress(
  { masterKey }: LoadedConfig,
  file: string | undefined,
  host: string | undefined,
): { host: string | undefined; remark?: string } {
  const loopback = host === undefined || /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);
  if (masterKey === undefined) {
    const remark =
      "No master_key: listening on this machine only (127.0.0.1). " +
      "Set general_settings.master_key to be reached from others.";
    return { host: loopback ? (host ?? "127.0.0.1") : "127.0.0.1", remark };
  }
  return { host: file === undefined ? (host ?? "127.0.0.1") : host };
}

function shownHost(host: string | undefined): string {
  if (host === undefined || host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
