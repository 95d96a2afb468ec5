/** What the steps of one import share. */
import type { Notes } from "../notes.ts";
import type { Schemas } from "./schemas.ts";
import type { Source } from "./source.ts";

export interface Reading {
  readonly source: Source;
  readonly schemas: Schemas;
  readonly notes: Notes;
}
