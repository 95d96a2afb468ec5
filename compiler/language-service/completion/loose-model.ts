/** A model of a tree that an editor is in the middle of: nothing is reported, nothing is read from the disk. */
import { bundle } from "../../lower/bundle.ts";
import { Cursor } from "../../lower/cursor.ts";
import { lower, type Model } from "../../lower/lower.ts";
import { noPatterns } from "../../lower/patterns.ts";
import type { Node } from "../../read/tree.ts";
import { validate } from "../../validate/validate.ts";

export async function looseModel(text: string, root: Node): Promise<Model> {
  const silent = (): void => {};
  const validated = validate(root, silent);
  const files = await bundle(new Cursor(validated.root, []), undefined, silent);
  // What only judges values is not needed to know their names.
  const unjudged = { schemaChecks: undefined, patternTest: () => undefined, patterns: noPatterns };
  const prepared = { files, proofs: new Map(), ...unjudged };
  return lower(text, validated, prepared, silent);
}
