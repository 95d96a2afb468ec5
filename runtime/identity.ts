/** Whom a connection belongs to. A part that is not given falls back to the connection. */
export interface Identity {
  /** Part of every cache, lock and limit key. */
  readonly tenant: string;
  readonly account?: string;
  readonly user?: string;
  readonly connection?: string;
}
