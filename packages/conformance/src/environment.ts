import { broke } from "./verdict.ts";

/** Ends the check if `process.env` has changed during the call. */
export async function unchanged<T>(when: string, call: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  const result = await call();
  const names = new Set([...Object.keys(before), ...Object.keys(process.env)]);
  const changed = [...names].filter((name) => process.env[name] !== before[name]);
  // Put back, so that one test does not decide the next.
  for (const name of changed) restore(name, before[name]);
  if (changed.length > 0) broke(`${when} changed in process.env: ${changed.join(", ")}.`);
  return result;
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
