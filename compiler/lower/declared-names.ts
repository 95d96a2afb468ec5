/** Where the names of a descriptor are declared: for findings that point there. */
import type { Pointer } from "../read/tree.ts";
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

/** Made once a descriptor: asking for each of many names stays linear. */
const indexes = new WeakMap<Declared, ReadonlyMap<string, readonly Declaration[]>>();

/** Every declaration of a name, wherever it may be used. */
export function declarationsOf(declared: Declared, name: string): readonly Declaration[] {
  let index = indexes.get(declared);
  if (!index) {
    index = grouped(all(declared));
    indexes.set(declared, index);
  }
  return index.get(name) ?? [];
}

function grouped(
  named: Iterable<readonly [string, Declaration]>,
): ReadonlyMap<string, readonly Declaration[]> {
  const found = new Map<string, Declaration[]>();
  for (const [name, declaration] of named) {
    const others = found.get(name);
    if (others) others.push(declaration);
    else found.set(name, [declaration]);
  }
  return found;
}

function* all({
  settings,
  profiles,
  chains,
  operations,
}: Declared): Iterable<readonly [string, Declaration]> {
  for (const { id, parameters } of operations)
    for (const { name, at } of parameters) {
      const path = [...at.path, "name"];
      yield [name, { kind: "parameter", owner: id, path, at: "value", words: `a parameter of \`${id}\`` }];
    }
  for (const { key, at } of settings)
    yield [key, { kind: "setting", owner: "", path: [...at.path, "key"], at: "value", words: "a setting" }];
  for (const { id, fields } of profiles)
    for (const { key, at, implied } of fields) {
      // What a profile's type brings along is declared by the type.
      const path = [...at.path, implied ? "type" : "key"];
      const words = `a credential field of the profile \`${id}\``;
      yield [key, { kind: "credential", owner: id, path, at: "value", words }];
    }
  for (const { id, steps } of chains)
    for (const step of steps)
      for (const { name, at } of step.extracts) {
        const words = `an extract of the step \`${step.name}\` of the chain \`${id}\``;
        yield [name, { kind: "extract", owner: id, path: at.path, at: "key", words }];
      }
}

/** The declaration of a name that was found missing at a place, and is known at another alone. */
export function declaredElsewhere(declared: Declared, name: string, owner: Owner): Declaration | undefined {
  const kind = owner.kind === "operation" ? "parameter" : undefined;
  const found = declarationsOf(declared, name).filter((one) => one.kind !== kind || one.owner !== owner.id);
  return found[0];
}
