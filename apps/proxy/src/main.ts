#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { explainCommandLine } from "./commands/command-line.ts";
import { isOutputClosed, outputTo } from "./commands/output.ts";
import { explainFailure, UserError } from "./user-error.ts";

const output = outputTo(process.stdout);
const errors = outputTo(process.stderr);
const { print } = output;

const program = new Command("keyward")
  .description("An OpenAI-compatible proxy that reads its keys from a secret manager.")
  .version(packageJson.version)
  .option("--config <file>", "LiteLLM's config.yaml; without it a bundled example runs")
  .option("--port <number>", "the port to listen on", portNumber, 4000)
  .option(
    "--host <address>",
    "the address to listen on (default: all, or this machine only without a master_key)",
  )
  .option("--test", "ask a running proxy one question and print the answer")
  .option("--url <url>", "with --test: where the proxy listens (default: http://localhost:<port>)")
  .enablePositionalOptions()
  .configureOutput({ writeOut: (text) => print(text.trimEnd()), outputError() {} })
  .exitOverride()
  .action(async ({ config, port, host, test, url }) => {
    if (test === true) {
      const { ask } = await import("./commands/ask.ts");
      return ask({ url: url ?? `http://localhost:${port}`, config, print });
    }
    const { serve } = await import("./commands/serve.ts");
    return serve({ config, port, host });
  });

program
  .command("check")
  .description("resolve every reference of a configuration and print where each was found, never its value")
  .requiredOption("--config <file>", "LiteLLM's config.yaml")
  .action(async ({ config }) => {
    const { check } = await import("./commands/check.ts");
    process.exitCode = (await check({ config, print })) ? 0 : 1;
  });

program
  .command("run")
  .description("run a command with the secrets of a configuration in its environment")
  .requiredOption("--config <file>", "LiteLLM's config.yaml")
  .argument("<command...>", "the command and its arguments, after --")
  .passThroughOptions()
  .action(async (command, { config }) => {
    const { run } = await import("./commands/run.ts");
    process.exitCode = await run({ config, command, warn: errors.print });
  });

program
  .command("encrypt")
  .description("encrypt a secret from standard input with Google Cloud KMS and print a line for .env")
  .requiredOption("--name <name>", "the variable that it is for")
  .option("--key-name <resource>", "the key (default: GOOGLE_KMS_RESOURCE_NAME)")
  .option("--aad <data>", 'additional authenticated data: "name" binds it to its variable; base64:<bytes>')
  .option("--transport <transport>", "grpc or rest", "grpc")
  .option("--endpoint <endpoint>", "another endpoint (default: GOOGLE_KMS_ENDPOINT, or Google's)")
  // Told by the command itself, which says how a secret is handed over.
  .allowExcessArguments()
  .allowUnknownOption()
  .action(async (options, { args }) => {
    if (isOutputClosed())
      throw new UserError("Standard output is closed, so the ciphertext would be lost: send it to a file");
    const { encrypt } = await import("./commands/encrypt.ts");
    await encrypt({ ...options, excess: args, input: process.stdin, print });
    process.exitCode = (await output.written()) ? 0 : 1;
  });

function portNumber(text: string): number {
  const port = Number(text);
  if (text.trim() !== "" && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  // Commander would quote it.
  throw new UserError("--port: a port is a number from 0 to 65535");
}

// Whoever read the output has ended: a pipe into head, or the log's collector. That is no reason to end as well.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

try {
  await program.parseAsync().catch(unlessEnded);
  await output.written();
} catch (error) {
  errors.print(error instanceof CommanderError ? explainCommandLine(error) : explainFailure(error));
  process.exitCode = 1;
}
await Promise.all([output.flushed(), errors.flushed()]);
// Something that hangs, such as a store that never answered, would keep the process alive.
process.exit();

/** Commander throws after the help and the version as well. */
function unlessEnded(error: unknown): void {
  if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error;
}
