/** What the steps of one import share. */
import type { Notes } from "../notes.ts";
import type { Schemas } from "./schemas.ts";
import type { Source } from "./source.ts";

export interface Reading {
  readonly source: Source;
  readonly schemas: Schemas;
  readonly notes: Notes;
  /** Key under which an operation keeps the id that it has in the source; without one it does not. */
  readonly idKey?: `x-${string}`;
  /** Holes of paths that settings fill: they are no parameters. */
  readonly settings?: ReadonlySet<string>;
}
