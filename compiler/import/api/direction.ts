/** Whether a schema is another one in requests than in answers, by `readOnly` and `writeOnly` in it or below it. */
import { isMap } from "../plain-data.ts";
import type { Located } from "./model.ts";
import type { Source } from "./source.ts";

export type Direction = "request" | "response";

export class ReadWrite {
  readonly #source: Source;
  readonly #known = new Map<string, boolean>();

  constructor(source: Source) {
    this.#source = source;
  }

  /** Looks through all that the schema refers to; each answer is kept. */
  differs(target: Located): boolean {
    const key = keyOf(target);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const seen = new Set([key]);
    const open: Located[] = [target];
    let found = false;
    for (let place = open.pop(); place && !found; place = open.pop()) {
      const { marked, references } = look(place.value);
      found = marked;
      for (const reference of references) {
        const next = this.#source.target(reference, place.file);
        if (!next || seen.has(keyOf(next))) continue;
        const answer = this.#known.get(keyOf(next));
        if (answer) found = true;
        if (answer !== undefined) continue;
        seen.add(keyOf(next));
        open.push(next);
      }
    }
    // Where nothing was found, nothing is in any of those that were looked through either.
    if (found) this.#known.set(key, true);
    else for (const one of seen) this.#known.set(one, false);
    return found;
  }
}

function keyOf({ file, at }: Located): string {
  return `${file}#${at}`;
}

interface Look {
  readonly marked: boolean;
  readonly references: ReadonlySet<string>;
}

/** What one schema says, without what it refers to. */
function look(schema: unknown): Look {
  const references = new Set<string>();
  const open: unknown[] = [schema];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (Array.isArray(value))
      for (const item of value) if (typeof item === "object" && item !== null) open.push(item);
    if (!isMap(value)) continue;
    if (value.readOnly === true || value.writeOnly === true) return { marked: true, references };
    if (typeof value.$ref === "string") references.add(value.$ref);
    for (const [key, inner] of Object.entries(value))
      if (typeof inner === "object" && inner !== null && key !== "example" && key !== "enum")
        open.push(inner);
  }
  return { marked: false, references };
}
