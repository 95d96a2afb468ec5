/** Where the names of a descriptor are declared: for findings that point there. */
import type { Pointer } from "../read/tree.ts";
import type { Cursor } from "./cursor.ts";
import type { Declared } from "./declared.ts";
import type { Owner } from "./lowering.ts";

/** One declaration of a name that templates may use. */
export interface Declaration {
  readonly kind: "parameter" | "setting" | "credential" | "extract";
  /** The id of the operation, profile or chain that declares it; of a setting, nothing. */
  readonly owner: string;
  readonly path: Pointer;
  readonly at: "key" | "value";
  /** "a parameter of `get_ticket`". */
  readonly words: string;
}

/** A declaration before it is in words: there may be a hundred thousand, of which one is asked for. */
interface Place {
  readonly kind: Declaration["kind"];
  /** The operation, profile or step that declares it. */
  readonly of: { readonly id: string; readonly step?: string };
  readonly from: Cursor;
  /** The entry of `from` that holds the name; the name is a key itself where there is none. */
  readonly entry?: string;
}

/** Made once a descriptor: asking for each of many names stays linear. */
const indexes = new WeakMap<Declared, ReadonlyMap<string, readonly Place[]>>();

/** Every declaration of a name, wherever it may be used. */
export function declarationsOf(declared: Declared, name: string): readonly Declaration[] {
  let index = indexes.get(declared);
  if (!index) {
    index = placesOf(declared);
    indexes.set(declared, index);
  }
  return (index.get(name) ?? []).map(inWords);
}

function inWords({ kind, of: { id, step }, from, entry }: Place): Declaration {
  const path = entry === undefined ? from.path : [...from.path, entry];
  return {
    kind,
    owner: id,
    path,
    at: entry === undefined ? "key" : "value",
    words: wordsFor(kind, id, step),
  };
}

function wordsFor(kind: Declaration["kind"], id: string, step = ""): string {
  switch (kind) {
    case "parameter":
      return `a parameter of \`${id}\``;
    case "setting":
      return "a setting";
    case "credential":
      return `a credential field of the profile \`${id}\``;
    case "extract":
      return `an extract of the step \`${step}\` of the chain \`${id}\``;
  }
}

function placesOf({
  settings,
  profiles,
  chains,
  operations,
}: Declared): ReadonlyMap<string, readonly Place[]> {
  const found = new Map<string, Place[]>();
  const add = (name: string, place: Place): void => {
    const others = found.get(name);
    if (others) others.push(place);
    else found.set(name, [place]);
  };
  for (const operation of operations)
    for (const { name, at } of operation.parameters)
      add(name, { kind: "parameter", of: operation, from: at, entry: "name" });
  for (const { key, at } of settings) add(key, { kind: "setting", of: nobody, from: at, entry: "key" });
  // What a profile's type brings along is declared by the type.
  for (const profile of profiles)
    for (const { key, at, implied } of profile.fields)
      add(key, { kind: "credential", of: profile, from: at, entry: implied ? "type" : "key" });
  for (const { id, steps } of chains)
    for (const step of steps) {
      const of = { id, step: step.name };
      for (const { name, at } of step.extracts) add(name, { kind: "extract", of, from: at });
    }
  return found;
}

const nobody = { id: "" };

/** The declaration of a name that was found missing at a place, and is known at another alone. */
export function declaredElsewhere(declared: Declared, name: string, owner: Owner): Declaration | undefined {
  const kind = owner.kind === "operation" ? "parameter" : undefined;
  const found = declarationsOf(declared, name).filter((one) => one.kind !== kind || one.owner !== owner.id);
  return found[0];
}
