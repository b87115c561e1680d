import type { CommanderError } from "commander";

/** What stands where it should not may be a secret, which Commander would quote. */
const unknown: Readonly<Record<string, string>> = {
  "commander.unknownOption": "There is an option that keyward does not know.",
  "commander.unknownCommand": "There is a command or an argument that keyward does not know.",
  "commander.excessArguments": "There is a command or an argument that keyward does not know.",
};

/** Those whose messages name nothing but options and arguments that a command has. */
const own: ReadonlySet<string> = new Set([
  "commander.missingArgument",
  "commander.missingMandatoryOptionValue",
  "commander.optionMissingArgument",
]);

/** What is wrong with a command line, in one line that quotes nothing of it. */
export function explainCommandLine({ code, message }: CommanderError): string {
  const why = own.has(code) ? `${message.replace(/^error: /, "")}.` : unknown[code];
  return `${why ?? "This command line cannot be understood."} See keyward --help.`;
}
