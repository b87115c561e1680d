import { isReference } from "@keyward/core";
import { exampleMasterKey } from "../bundled-example.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { referenceName } from "../config/references.ts";

export interface Announcement {
  readonly config: LoadedConfig;
  readonly url: string;
}

/** What is said once the port is bound: address, models, and a line that gets an answer when it is pasted. */
export function announcement({ config, url }: Announcement): string[] {
  const models = [...new Set(config.models.map(({ name }) => name))];
  const [first] = models;
  const lines = [
    `Keyward listens on ${url}`,
    `Models: ${models.join(", ") || "none; add some to model_list"}`,
  ];
  return first === undefined
    ? lines
    : [...lines, "Ask it something from another terminal:", curl(url, first, config)];
}

function curl(url: string, model: string, config: LoadedConfig): string {
  const body = JSON.stringify({ model, messages: [{ role: "user", content: "Hello!" }] });
  const key = shownKey(config);
  const headers = [
    "content-type: application/json",
    ...(key === undefined ? [] : [`authorization: Bearer ${key}`]),
  ];
  const options = headers.map((header) => `-H "${header}"`).join(" ");
  return `curl ${url}/v1/chat/completions ${options} -d '${body.replaceAll("'", "'\\''")}'`;
}

/** The key of the example, which is no secret; a variable to be filled in for every other. */
function shownKey({ masterKey, masterKeyWritten }: LoadedConfig): string | undefined {
  if (masterKey === undefined || masterKey === exampleMasterKey) return masterKey;
  const name =
    masterKeyWritten !== undefined && isReference(masterKeyWritten) ? referenceName(masterKeyWritten) : "";
  return /^[A-Za-z_]\w*$/.test(name) ? `$${name}` : "$KEYWARD_MASTER_KEY";
}
