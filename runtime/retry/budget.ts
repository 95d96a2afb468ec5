/** Retries of one tenant at one host: 500 tokens, 5 a retry, 1 back for each success (runtime.md, promise 2). */
const capacity = 500;
const price = 5;

/** Stops retry storms: when everything fails, at most 100 retries are made until successes return. */
export interface RetryBudget {
  /** Pays for one retry; false where the budget is spent. */
  take(tenant: string, origin: string): boolean;
  succeeded(tenant: string, origin: string): void;
  /** Budgets that are not full. */
  inspect(): SpentRetries[];
}

/** The retry budget of one tenant at one origin. */
export interface SpentRetries {
  readonly tenant: string;
  readonly origin: string;
  /** Retries that are left until calls succeed again. */
  readonly left: number;
}

export function createRetryBudget(): RetryBudget {
  // Only what is spent is remembered, so that healthy hosts cost nothing.
  const spent = new Map<string, number>();
  const keyOf = (tenant: string, origin: string): string => `${tenant}\n${origin}`;
  return {
    take: (tenant, origin) => {
      const key = keyOf(tenant, origin);
      const after = (spent.get(key) ?? 0) + price;
      if (after > capacity) return false;
      spent.set(key, after);
      return true;
    },
    succeeded: (tenant, origin) => {
      if (spent.size === 0) return;
      const key = keyOf(tenant, origin);
      const before = spent.get(key);
      if (before === undefined) return;
      if (before <= 1) spent.delete(key);
      else spent.set(key, before - 1);
    },
    inspect: () =>
      [...spent].map(([key, tokens]) => {
        const at = key.lastIndexOf("\n");
        const left = Math.floor((capacity - tokens) / price);
        return { tenant: key.slice(0, at), origin: key.slice(at + 1), left };
      }),
  };
}
