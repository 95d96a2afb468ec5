import type { Credentials } from "../credentials/credentials.ts";
import type { Random } from "../ports.ts";
import type { Moment } from "./moment.ts";

/** Named values, such as a Map; unlike an object, none of them has a prototype to fall into. */
export type Values = Pick<
  ReadonlyMap<string, unknown>,
  "get" | "has" | "size" | "values" | typeof Symbol.iterator
>;

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
  /** The attempt's one clock reading. */
  readonly time: Moment;
  readonly request?: RequestParts;
  /** What a grant brings into its own token calls; secret ones wrapped. */
  readonly grant?: Pick<Values, "get">;
}
