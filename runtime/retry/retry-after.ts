/**
 * Milliseconds that `Retry-After` (RFC 9110, section 10.2.3) asks to wait: seconds or an HTTP-date, never negative;
 * undefined where the header is absent or makes no sense.
 */
export function parseRetryAfter(value: string | undefined, wall: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d{1,12}(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  // An HTTP-date begins with the name of a day; Date.parse alone would take "-1" for a year.
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - wall);
}
