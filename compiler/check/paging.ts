import type { Operation } from "../../schema/ir.ts";
import { closest } from "../../schema/language/spelling.ts";
import type { Cursor } from "../lower/cursor.ts";
import type { DeclaredOperation, DeclaredParameter } from "../lower/declared.ts";
import type { Model } from "../lower/lower.ts";

/** The paging of one operation, as it is written. */
export interface Paging {
  readonly at: Cursor;
  readonly kind: string;
  readonly operation: DeclaredOperation;
  /** Undefined where a part of the operation could not be lowered. */
  readonly lowered: Operation | undefined;
  /** It stands in `defaults`, and serves operations of other shapes as well. */
  readonly inherited: boolean;
}

/** What a dozen rules ask of one model. */
const known = new WeakMap<Model, readonly Paging[]>();

/** The paging of every operation that has one. */
export function pagings(model: Model): readonly Paging[] {
  let found = known.get(model);
  if (!found) {
    found = everyPaging(model);
    known.set(model, found);
  }
  return found;
}

function everyPaging({ declared, operations, lowering }: Model): Paging[] {
  const defaults = declared.root.at("defaults").at("pagination");
  return operations.flatMap(({ declared: operation, operation: lowered }) => {
    const own = operation.at.at("pagination");
    if (!own.exists && lowering.isStray("pagination")) return [];
    const at = own.exists ? own : defaults;
    const kind = at.at("type").string();
    // Of an unknown kind nothing can be said.
    if (kind === undefined || !Object.hasOwn(parameterKeys, kind)) return [];
    return [{ at, kind, operation, lowered, inherited: !own.exists }];
  });
}

/** The keys that name a parameter, with what they are called where they are left out. */
const parameterKeys: { readonly [kind: string]: readonly (readonly [key: string, fallback?: string])[] } = {
  cursor: [["cursor_param"], ["limit_param"]],
  offset: [["offset_param", "offset"], ["limit_param"]],
  page: [["page_param", "page"], ["limit_param"]],
  link_header: [["limit_param"]],
};

/** A parameter that the page reader fills in. */
export interface PageParameter {
  readonly key: string;
  readonly name: string;
  /** The key's value; where it is left out, the pagination. */
  readonly at: Cursor;
  /** The operation's own parameter of that name or wire name. */
  readonly declared: DeclaredParameter | undefined;
}

/** The parameters that the page reader fills in, in the order in which they are named. */
export function pageParameters({ at, kind, operation }: Paging): PageParameter[] {
  return (Object.hasOwn(parameterKeys, kind) ? (parameterKeys[kind] ?? []) : []).flatMap(
    ([key, fallback]) => {
      const name = at.at(key).string() ?? fallback;
      if (name === undefined) return [];
      return [{ key, name, at: at.has(key) ? at.at(key) : at, declared: declaredBy(operation, name) }];
    },
  );
}

/** As `pageParameters`, with those that go along with the cursor; `at` is their path. */
export function allPageParameters(paging: Paging): PageParameter[] {
  const beside = paging.kind === "cursor" ? paging.at.at("more_cursors").entries() : [];
  return [
    ...pageParameters(paging),
    ...beside.map(([name, at]) => ({
      key: "more_cursors",
      name,
      at,
      declared: declaredBy(paging.operation, name),
    })),
  ];
}

/** True for what carries a cursor, or a part of one. */
export function isCursor({ key }: PageParameter): boolean {
  return key === "cursor_param" || key === "more_cursors";
}

/** True where a cursor may be a map or a list: it goes into a body as it stands. */
export function takesStructure({ at }: Paging, parameter: PageParameter): boolean {
  const { declared } = parameter;
  if (!isCursor(parameter)) return false;
  if (!declared) return at.at("cursor_location").string() === "body";
  return declared.location === "body" && (declared.type === "object" || declared.type === "array");
}

function declaredBy(operation: DeclaredOperation, name: string): DeclaredParameter | undefined {
  return (
    operation.parameters.find((p) => p.name === name) ??
    operation.parameters.find((p) => p.at.at("wire_name").string() === name)
  );
}

/** True where a name that no parameter has is a slip away from one: that is another rule's finding. */
export function isSlip({ name, declared }: PageParameter, { parameters, open }: DeclaredOperation): boolean {
  if (declared) return false;
  const known = parameters.flatMap((p) => [p.name, p.at.at("wire_name").string() ?? p.name]);
  return open || closest(name, known) !== undefined;
}

/** Words that APIs have for how much a page holds, and for where it begins. */
const sizes = new Set(
  "limit size count length top take rows maxresults perpage"
    .split(" ")
    .flatMap((word) => [word, `page${word}`]),
);
const places = new Set(
  (
    "offset start startat startindex skip from page pagenumber pageno pageindex cursor nextcursor after " +
    "startingafter pagetoken nextpagetoken nexttoken continuationtoken marker"
  ).split(" "),
);

/** True where the names of the two parameters say the opposite of what they are to carry; what follows is one rule's finding. */
export function isSwapped(paging: Paging): boolean {
  const [place, size] = pageParameters(paging);
  return place !== undefined && size !== undefined && isNamed(place, sizes) && isNamed(size, places);
}

/** Its own name, or the one that it has on the wire. */
function isNamed({ name, declared }: PageParameter, words: ReadonlySet<string>): boolean {
  const wire = declared?.at.at("wire_name").string() ?? name;
  return [name, wire].some((one) => words.has(one.replaceAll("_", "").toLowerCase()));
}
