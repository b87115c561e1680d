import { readFileSync } from "node:fs";

/** Why usage cannot be read here, as a sentence. */
export const usageMissing =
  process.platform === "linux"
    ? undefined
    : "CPU time and memory of another process are read from /proc, which only Linux has.";

/** Of every Linux that Node runs on: the kernel's `USER_HZ`. */
const ticksPerSecond = 100;

/** User and system time of all threads, in microseconds, as the operating system counts it: in steps of 10 ms. */
export function cpuMicroseconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  // The name, in brackets, may hold spaces; user and system time are the 14th and 15th field of all.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1e6;
}

/** What the process holds of the machine's memory, in megabytes: now, and at most since it began. */
export function memoryMegabytes(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]);
  return { now: kilobytes("VmRSS") / 1024, peak: kilobytes("VmHWM") / 1024 };
}
