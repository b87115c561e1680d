const methods = ["log", "info", "warn", "error", "debug", "trace", "dir", "table"] as const;

/** What was called to print something while the call ran: `console.log`. Nothing reaches the terminal meanwhile. */
export async function outputsDuring(call: () => Promise<void>): Promise<readonly string[]> {
  const calls: string[] = [];
  const restores = [
    ...methods.map((method) => replace(console, method, () => void calls.push(`console.${method}`))),
    replace(process.stdout, "write", write("process.stdout.write")),
    replace(process.stderr, "write", write("process.stderr.write")),
  ];
  try {
    await call();
  } finally {
    for (const restore of restores) restore();
  }
  return calls;

  function write(name: string): (...parts: unknown[]) => boolean {
    return (...parts) => {
      calls.push(name);
      const written = parts.at(-1);
      if (typeof written === "function") written();
      return true;
    };
  }
}

function replace(owner: object, method: string, replacement: unknown): () => void {
  const original: unknown = Reflect.get(owner, method);
  Reflect.set(owner, method, replacement);
  return () => Reflect.set(owner, method, original);
}
