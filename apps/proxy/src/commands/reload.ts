import type { LoadedConfig } from "../config/load-config.ts";
import type { Log } from "../log.ts";
import { explainFailure } from "../user-error.ts";

export interface ReloadOptions {
  load(): Promise<LoadedConfig>;
  /** Puts a configuration in place of the one before, at once. @throws UserError when it cannot be */
  apply(config: LoadedConfig): void;
  readonly log: Log;
}

/**
 * Loads configuration and secrets anew, and applies them if all of it is good; what is wrong is logged, and the one
 * before goes on serving. One at a time: what is asked for meanwhile is one more at the end.
 *
 * @returns asks for it, with the reason to be logged
 */
export function reloader({ load, apply, log }: ReloadOptions): (reason: string) => void {
  let running = false;
  let next: string | undefined;

  async function reload(reason: string): Promise<void> {
    let config: LoadedConfig | undefined;
    try {
      config = await load();
      apply(config);
      log.info(`Reloaded (${reason}): ${config.models.length} models`);
    } catch (error) {
      await config?.secrets.close();
      log.warn(
        `${explainFailure(error)}\nNot reloaded (${reason}): the configuration before it goes on serving`,
      );
    }
  }

  async function run(reason: string): Promise<void> {
    running = true;
    for (next = reason; next !== undefined; ) {
      const current = next;
      next = undefined;
      await reload(current);
    }
    running = false;
  }

  return (reason) => {
    if (running) next = reason;
    else void run(reason);
  };
}
