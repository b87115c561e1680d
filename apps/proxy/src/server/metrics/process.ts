/** What Prometheus expects of every process, under the names it has for it. */
export function processLines(): string[] {
  const { user, system } = process.cpuUsage();
  const started = performance.timeOrigin / 1000;
  return [
    ...metric("process_cpu_seconds_total", "counter", "Time on the processor.", (user + system) / 1e6),
    ...metric("process_resident_memory_bytes", "gauge", "Memory in use.", process.memoryUsage.rss()),
    ...metric("process_start_time_seconds", "gauge", "When it started, since 1970.", started),
  ];
}

function metric(name: string, type: string, help: string, value: number): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, `${name} ${value}`];
}
