/** Limits as an API has them. */
import type { LimitObject } from "../../runtime/ports.ts";

/** Scopes of one identity: an account shared by many users, each with a limit and a token. */
export function limitsOf(identity: number, count: number, limit: number, burst: number): LimitObject[] {
  const ids = [`user-${identity}`, `account-${identity % 100}`, `token-${identity}`].slice(0, count);
  return ids.map((id) => ({
    key: { tenant: "bench", kind: "limit", id },
    limit,
    intervalMs: 60_000,
    burst,
    smooth: false,
    memo: undefined,
  }));
}
