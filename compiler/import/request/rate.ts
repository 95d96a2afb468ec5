/** A limit is a whole number of requests: below one a second, one in a longer time. */
export function perSecond(rate: number): { readonly limit: number; readonly interval_seconds: number } {
  return rate >= 1
    ? { limit: Math.floor(rate), interval_seconds: 1 }
    : { limit: 1, interval_seconds: 1 / rate };
}
