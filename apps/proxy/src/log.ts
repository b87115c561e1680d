/** Where the program speaks. Everything goes through the mask of the secrets, whatever it is. */
export interface Log {
  info(line: string): void;
  warn(line: string): void;
}

export interface LogOptions {
  /** Masks every secret that has been read. */
  readonly redact: (text: string) => string;
  readonly out?: (text: string) => void;
  readonly error?: (text: string) => void;
}

/** `info` to standard output, `warn` to standard error. */
export function createLog({ redact, out = writeOut, error = writeError }: LogOptions): Log {
  return {
    info: (line) => out(`${redact(line)}\n`),
    warn: (line) => error(`${redact(line)}\n`),
  };
}

function writeOut(text: string): void {
  process.stdout.write(text);
}

function writeError(text: string): void {
  process.stderr.write(text);
}
