import { expect, test } from "vitest";
import { keyward } from "./command.ts";
import { files } from "./running-proxy.ts";

const option = "There is an option that keyward does not know. See keyward --help.\n";
const argument = "There is a command or an argument that keyward does not know. See keyward --help.\n";

test.each<[string, string[], string]>([
  ["a misspelt command", ["encyrpt", "canary"], argument],
  ["a command that there is not", ["help", "canary"], argument],
  ["a command that is the secret", ["canary"], argument],
  ["an argument of check", ["check", "--config", "config.yaml", "canary"], argument],
  ["an option before the command", ["--secret=canary", "encrypt", "--name", "A"], option],
  ["an option with a value", ["--secret", "canary"], option],
  ["a value for an option that takes none", ["--test=canary"], option],
  ["a short option", ["-canary"], option],
  ["an option of check", ["check", "--config", "config.yaml", "--secret=canary"], option],
  ["an option of run", ["run", "--config", "a.yaml", "--canary", "--", "true"], option],
  ["a port that is none", ["--port", "canary"], "--port: a port is a number from 0 to 65535\n"],
  ["no name", ["encrypt"], "required option '--name <name>' not specified. See keyward --help.\n"],
  ["no value", ["encrypt", "--name"], "option '--name <name>' argument missing. See keyward --help.\n"],
  [
    "no command to run",
    ["run", "--config", "canary.yaml"],
    "missing required argument 'command'. See keyward --help.\n",
  ],
])("%s is refused in one line that quotes nothing unknown", async (_, args, message) => {
  await using folder = await files();
  await using command = keyward(args, { cwd: folder.folder, input: "canary" });
  expect(await command.ended).toBe(1);
  expect(command.output).toEqual({ out: "", error: message });
});

test.each(["--help", "encrypt --help", "--version"])("%s ends well", async (line) => {
  const args = line.split(" ");
  await using folder = await files();
  await using command = keyward(args, { cwd: folder.folder });
  expect(await command.ended).toBe(0);
  expect(command.output.out).toMatch(/^Usage: keyward.*\n$|^\d+\.\d+\.\d+\n$/s);
});
