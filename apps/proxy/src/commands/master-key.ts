import { existsSync } from "node:fs";
import { createSecrets, isSecretError } from "@keyward/core";
import { exampleMasterKey } from "../bundled-example.ts";
import { openDotenv } from "../compose.ts";
import { ConfigError } from "../config/problem.ts";
import { UserError } from "../user-error.ts";
import { configuredMasterKey } from "./configured-master-key.ts";

export interface MasterKey {
  /** Absent when a configuration has none. */
  readonly key: string | undefined;
  /** Where it was found. Absent when it was not: the example's is tried then, which is no secret. */
  readonly source?: string;
  /** Why it was not found where it should be. */
  readonly problem?: string;
}

const variable = "KEYWARD_MASTER_KEY";
/** As in the first steps of everybody. */
const usual = "config.yaml";

/**
 * The master key of a running proxy: of the configuration that is named, or else of the environment and `.env`, or of
 * a `config.yaml` here. Nothing else is resolved, so that it is found where the proxy's own secrets are not.
 * @throws UserError when a configuration is named and its key cannot be read
 */
export async function findMasterKey(config: string | undefined, url: string): Promise<MasterKey> {
  if (config !== undefined) return ofNamed(config);
  const problems: string[] = [];
  const attempt = async (source: string, read: () => Promise<string | undefined>) => {
    try {
      const key = await read();
      return key === undefined ? undefined : { key, source };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(error.message);
      return undefined;
    }
  };
  const found =
    (await attempt(variable, ofEnvironment)) ??
    // Nobody said that its key may go to another machine.
    (isThisMachine(url) && existsSync(usual)
      ? await attempt(usual, () => configuredMasterKey(usual))
      : undefined);
  if (found !== undefined) return found;
  return { key: exampleMasterKey, ...(problems.length > 0 ? { problem: problems.join("\n") } : {}) };
}

async function ofNamed(file: string): Promise<MasterKey> {
  try {
    const key = await configuredMasterKey(file);
    return key === undefined ? { key } : { key, source: file };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new UserError(`${error.message}\nTo ask without ${file}, set ${variable} and leave out --config`);
  }
}

async function ofEnvironment(): Promise<string | undefined> {
  const files = await openDotenv({ path: existsSync(".env") ? ".env" : [] });
  await using manager = createSecrets({ providers: [files] });
  try {
    return await manager.find(variable);
  } catch (error) {
    throw isSecretError(error) ? new UserError(error.message) : error;
  }
}

function isThisMachine(url: string): boolean {
  return URL.canParse(url) && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}
