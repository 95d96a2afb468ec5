import type { Credentials } from "../credentials/credentials.ts";
import type { Random } from "../ports.ts";

/** Named values; a Map has no prototype to fall into. */
export type Values = ReadonlyMap<string, unknown>;

/** What `{request.*}` reads: the request as encoded so far. */
export interface RequestParts {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly body: string | Uint8Array;
}

/** Where the holes of one exchange find their values. */
export interface Scope {
  readonly parameters: Values;
  readonly settings: Values;
  readonly credentials: Credentials;
  readonly random: Random;
  /** The attempt's one clock reading: Unix time in milliseconds. */
  readonly wall: number;
  readonly request?: RequestParts;
  /** What a grant brings into its own token calls; secret ones wrapped. */
  readonly grant?: Pick<Values, "get">;
}
