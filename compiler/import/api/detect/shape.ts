/** What a response looks like at its surface: its properties, and where the list of records is. */
import { listAt, mapAt } from "../../plain-data.ts";
import { valueTypes } from "../field-type.ts";
import type { Located } from "../model.ts";
import { below, type Source } from "../source.ts";

/** The properties of a schema, those of its parts included. */
export function propertiesOf(from: Located, source: Source, depth = 0): ReadonlyMap<string, Located> {
  const found = source.follow(from);
  const all = new Map<string, Located>();
  if (!found || depth > 5) return all;
  for (const [name, value] of Object.entries(mapAt(found.value, "properties")))
    all.set(name, { value, file: found.file, at: below(found.at, "properties", name) });
  for (const key of ["allOf", "oneOf", "anyOf"]) {
    const parts = listAt(found.value, key);
    if (key !== "allOf" && parts.length > 2) continue;
    for (const [index, value] of parts.entries()) {
      const part = { value, file: found.file, at: below(found.at, key, index) };
      for (const [name, property] of propertiesOf(part, source, depth + 1))
        if (!all.has(name)) all.set(name, property);
    }
  }
  return all;
}

/** A property somewhere near the surface. */
export interface Found {
  readonly name: string;
  /** JSONPath from the root. */
  readonly path: string;
  readonly types: ReadonlySet<string>;
  readonly place: Located;
}

export interface Shape {
  /** JSONPath of the records; undefined where no list stands out. */
  readonly records: string | undefined;
  /** Schema of one record. */
  readonly record: Located | undefined;
  /** Scalars at the surface, and one level into the maps that usually tell of pages. */
  readonly scalars: readonly Found[];
}

const containers =
  /^(?:_?meta|meta_?data|_?links|paging|pagination|page|page_?info|response_?metadata|cursors?|next)$/i;
const wrappers = /^(?:data|results?|response|payload|_embedded|body)$/i;
const listNames = [
  "data",
  "items",
  "results",
  "records",
  "values",
  "entries",
  "value",
  "list",
  "rows",
  "objects",
  "resources",
];

/** Looks at the surface of a response. */
export function shapeOf(from: Located, path: string, source: Source): Shape {
  const root = source.follow(from);
  if (!root) return { records: undefined, record: undefined, scalars: [] };
  if (valueTypes(root, source).has("array"))
    return { records: "$", record: itemsOf(root, source), scalars: [] };
  const surface = [...propertiesOf(root, source)].map(([name, place]) =>
    found(name, `$${step(name)}`, place, source),
  );
  const inner = surface
    .filter(({ name }) => containers.test(name) || wrappers.test(name))
    .flatMap((owner) =>
      [...propertiesOf(owner.place, source)].map(([name, place]) =>
        found(name, owner.path + step(name), place, source),
      ),
    );
  const list =
    recordsIn(surface, path) ??
    recordsIn(
      inner.filter(({ path: at }) => isWrapped(at)),
      path,
    );
  return {
    records: list?.path,
    record: list && itemsOf(list.place, source),
    scalars: [...surface, ...inner].filter(({ types }) => !types.has("array") && !types.has("object")),
  };
}

function isWrapped(path: string): boolean {
  return wrappers.test(/^\$\.([A-Za-z_]\w*)/.exec(path)?.[1] ?? "");
}

function found(name: string, path: string, place: Located, source: Source): Found {
  return { name, path, types: valueTypes(place, source), place };
}

/** A step of a JSONPath (RFC 9535, section 2.5.1). */
export function step(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `.${name}` : `[${quote(name)}]`;
}

function quote(name: string): string {
  return `'${name.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** The list by its usual names, or called as the path is, or the only one there is. */
function recordsIn(properties: readonly Found[], path: string): Found | undefined {
  const lists = properties.filter(({ types }) => types.size === 1 && types.has("array"));
  const last = path.split("/").findLast((part) => part !== "" && !part.includes("{"));
  return (
    lists.find(({ name }) => listNames.includes(name)) ??
    lists.find(({ name }) => name.toLowerCase() === last?.toLowerCase()) ??
    (lists.length === 1 ? lists[0] : undefined)
  );
}

function itemsOf(list: Located, source: Source): Located | undefined {
  const found = source.follow(list);
  const value = mapAt(found?.value, "items");
  return found && Object.keys(value).length > 0
    ? { value, file: found.file, at: below(found.at, "items") }
    : undefined;
}
