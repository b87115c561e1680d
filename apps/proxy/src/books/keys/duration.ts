const units: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  mo: 30 * 86_400_000,
};

/** Milliseconds in a length of time as LiteLLM writes it: `30s`, `30m`, `30h`, `30d`, `2w`, `1mo` (30 days). */
export function readDuration(text: string): number | undefined {
  const [, number, unit] = /^(\d{1,6})(s|m|h|d|w|mo)$/.exec(text) ?? [];
  const milliseconds = Number(number) * (units[unit ?? ""] ?? Number.NaN);
  return milliseconds > 0 ? milliseconds : undefined;
}
