import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from "node:os";

/** Where the figures come from, in a line that may stand beside them. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${model}, ${availableParallelism()} cores, ${gigabytes} GB, ${platform()} ${arch()}, Node ${process.version}`;
}

/** Above the number of cores, somebody else was using the machine; the spread tells how much that matters. */
export function describeLoad(): string {
  return loadavg()
    .map((load) => load.toFixed(1))
    .join(", ");
}
