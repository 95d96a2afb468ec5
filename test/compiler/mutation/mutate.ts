/** Every small mistake that a program can make in a descriptor, one at a time. */
import { entriesOf, Twice, type Way } from "./write.ts";

export interface Mutation {
  readonly kind: string;
  /** The place that was changed, as it is named afterwards; of what is gone, where it was. */
  readonly way: Way;
  readonly data: unknown;
  /** Words that the change took away or put in: a finding elsewhere may speak of them. */
  readonly words: readonly string[];
}

type Holder = Record<string | number, unknown>;

/** The mutations of all that lies below one of the roots. */
export function* mutations(data: unknown, roots: readonly Way[]): Iterable<Mutation> {
  const seen = valuesByPlace(data);
  for (const root of roots)
    for (const way of waysInto(valueAt(data, root), root)) {
      const value = valueAt(data, way);
      yield* ofEntry(data, way, value);
      for (const [kind, by] of replacements(value, seen.get(placeOf(way)) ?? []))
        yield {
          kind,
          way,
          data: edit(data, way, (holder, key) => {
            holder[key] = by;
          }),
          words: [...textsIn(value), ...textsIn(by)],
        };
    }
}

/** A place with `*` for the indexes of lists. */
export function placeOf(way: Way): string {
  return way.map((step) => `/${typeof step === "number" ? "*" : step}`).join("");
}

function* ofEntry(data: unknown, way: Way, value: unknown): Iterable<Mutation> {
  const key = way.at(-1) ?? "";
  const above = way.slice(0, -1);
  const words = [String(key), ...textsIn(value)];
  yield { kind: "delete", way, words, data: edit(data, way, remove) };
  if (typeof key === "number") {
    yield {
      kind: "duplicate-item",
      way,
      words: textsIn(value),
      data: edit(data, above, (holder, name) => {
        const list = holder[name];
        if (Array.isArray(list)) list.splice(key, 0, structuredClone(value));
      }),
    };
    return;
  }
  const renamed = slip(key);
  yield {
    kind: "rename-key",
    way: [...above, renamed],
    words: [key, renamed],
    data: edit(data, above, (holder, name) => {
      holder[name] = Object.fromEntries(
        Object.entries(Object(holder[name])).map(([one, inner]) => [one === key ? renamed : one, inner]),
      );
    }),
  };
  yield {
    kind: "duplicate-key",
    way,
    words,
    data: edit(data, way, (holder, name) => {
      holder[name] = new Twice(holder[name]);
    }),
  };
  for (const [kind, into] of neighbours(data, above, key))
    yield {
      kind,
      way: [...into, key],
      words,
      data: edit(edit(data, way, remove), [...into, key], (holder, name) => {
        holder[name] = value;
      }),
    };
}

/** The map around the one that holds a key, and the first map beside it, where they lack that key. */
function* neighbours(data: unknown, above: Way, key: string): Iterable<readonly [string, Way]> {
  for (let length = above.length - 1; length >= 0; length--) {
    const outer = valueAt(data, above.slice(0, length));
    if (Array.isArray(outer)) continue;
    if (!Object.hasOwn(Object(outer), key)) yield ["move-up", above.slice(0, length)];
    break;
  }
  for (const [name, value] of entriesOf(valueAt(data, above)) ?? []) {
    const inner = Array.isArray(value) ? [name, 0] : [name];
    const map = valueAt(data, [...above, ...inner]);
    if (name === key || typeof map !== "object" || map === null || Array.isArray(map)) continue;
    if (!Object.hasOwn(map, key)) yield ["move-down", [...above, ...inner]];
    return;
  }
}

function* replacements(value: unknown, others: readonly unknown[]): Iterable<readonly [string, unknown]> {
  const other = others.find((one) => one !== value);
  if (other !== undefined) yield ["other-value", other];
  if (value !== null) yield ["to-null", null];
  if (typeof value === "string") {
    yield ["slip", slip(value)];
    yield ["to-list", [value]];
    yield ["to-map", { value }];
    yield ["to-boolean", true];
    yield ["to-number", 7];
    yield* brokenTemplates(value);
    const path = /^(\$.*?\.)(\w+)([^.\w]*)$/.exec(value);
    if (path) yield ["path-name", `${path[1]}${slip(path[2] ?? "")}${path[3]}`];
  } else if (typeof value === "number") {
    yield ["other-number", value + 1];
    yield ["negative", -Math.abs(value) - 1];
    yield ["to-text", "several"];
    yield ["to-list", [value]];
  } else if (typeof value === "boolean") {
    yield ["turned", !value];
    yield ["to-text", "yes"];
  } else if (Array.isArray(value)) {
    yield ["emptied", []];
    yield ["to-map", { value }];
    yield ["to-text", "several"];
  } else if (value !== null) {
    yield ["emptied", {}];
    yield ["to-list", [value]];
    yield ["to-text", "several"];
  }
}

function* brokenTemplates(text: string): Iterable<readonly [string, unknown]> {
  const hole = /\{([A-Za-z_][\w.]*)(\(|\})/.exec(text);
  if (!hole) return;
  const name = hole[1] ?? "";
  yield ["hole-slip", text.replace(`{${name}`, () => `{${slip(name)}`)];
  yield ["hole-open", text.replace(/\}(?!.*\})/s, "")];
  yield ["hole-shut", text.replace(/\{(?!.*\{)/s, "")];
  if (hole[2] === "}") yield ["hole-doubled", text.replace(`{${name}}`, () => `{{${name}}}`)];
}

/** Two letters in the middle change places, or one is written twice. */
export function slip(text: string): string {
  for (let at = text.length >> 1; at < text.length - 1; at++) {
    const [one = "", two = ""] = text.slice(at, at + 2);
    if (/\w/.test(one) && /\w/.test(two) && one !== two)
      return text.slice(0, at) + two + one + text.slice(at + 2);
  }
  return `${text}${text.at(-1) ?? "x"}`;
}

function remove(holder: Holder, key: string | number): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}

/** A copy of the data with one place in it changed. */
function edit(data: unknown, way: Way, change: (holder: Holder, key: string | number) => void): unknown {
  const copy: Holder = { root: structuredClone(data) };
  const full: Way = ["root", ...way];
  change(Object(valueAt(copy, full.slice(0, -1))), full.at(-1) ?? "root");
  return copy.root;
}

export function valueAt(value: unknown, way: Way): unknown {
  return way.reduce<unknown>((inner, key) => Object(inner)[key], value);
}

function* waysInto(value: unknown, way: Way): Iterable<Way> {
  if (way.length > 0) yield way;
  for (const [key, inner] of entriesOf(value) ?? []) yield* waysInto(inner, [...way, key]);
}

/** Texts, and the names in their holes. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string")
    return [value, ...[...value.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name)];
  return (entriesOf(value) ?? []).flatMap(([key, inner]) => [String(key), ...textsIn(inner)]);
}

function valuesByPlace(data: unknown): ReadonlyMap<string, readonly unknown[]> {
  const all = new Map<string, unknown[]>();
  for (const way of waysInto(data, [])) {
    const value = valueAt(data, way);
    if (entriesOf(value)) continue;
    const place = placeOf(way);
    all.set(place, [...(all.get(place) ?? []), value]);
  }
  return all;
}
