const units: readonly (readonly [seconds: number, name: string])[] = [
  [31_536_000, "year"],
  [86_400, "day"],
  [3600, "hour"],
  [60, "minute"],
  [1, "second"],
];

/** A length of time as an author would say it: "90 seconds", "1.5 hours"; milliseconds below a second. */
export function durationWords(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 1) return counted(rounded(ms), "millisecond");
  const [size, name] = units.find(
    ([unit]) => seconds >= 2 * unit || (seconds >= unit && seconds % unit === 0),
  ) ?? [1, "second"];
  return counted(rounded(seconds / size), name);
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function counted(value: number, name: string): string {
  return `${value} ${name}${value === 1 ? "" : "s"}`;
}
