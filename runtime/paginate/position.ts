/** What a server may give for a cursor: text, a number, or, for a JSON body, a structure of its own. */
export type CursorValue = string | number | CursorStructure;
export type CursorStructure = { readonly [name: string]: CursorPart } | readonly CursorPart[];
type CursorPart = CursorValue | boolean | null;

/** Where a page lies: what to ask for to get it. */
export type Position =
  /** Nothing is asked: where cursors and links begin. */
  | { readonly kind: "start" }
  /** `more`: the values that go along with the cursor, in the descriptor's order; null where the page gave none. */
  | { readonly kind: "cursor"; readonly value: CursorValue; readonly more?: readonly (CursorValue | null)[] }
  /** An absolute URL that the server named. */
  | { readonly kind: "url"; readonly value: string }
  | { readonly kind: "offset"; readonly value: number }
  /** `seen`: records of the pages before, to be held against a total; absent where reading began midway. */
  | { readonly kind: "page"; readonly value: number; readonly seen?: number };

/** The same for two positions exactly where they ask for the same page. */
export function requestKey(position: Position): string {
  switch (position.kind) {
    case "url":
    case "offset":
    case "page":
      return `${position.kind} ${position.value}`;
    case "cursor":
      // JSON begins otherwise, and tells a number from its text.
      return typeof position.value === "string" && !position.more
        ? `cursor ${position.value}`
        : JSON.stringify(position);
    case "start":
      return "start";
  }
}

/** Whether both are there and ask for the same page. */
export function isSameRequest(one: Position | undefined, other: Position | undefined): boolean {
  if (!one || !other) return false;
  return one === other || requestKey(one) === requestKey(other);
}

/** Narrows what a cursor held. */
export function isPosition(value: unknown): value is Position {
  if (typeof value !== "object" || value === null) return false;
  const { kind, value: at, seen, more } = value as { [K in "kind" | "value" | "seen" | "more"]?: unknown };
  switch (kind) {
    case "start":
      return true;
    case "cursor":
      return isCursorValue(at) && (more === undefined || (Array.isArray(more) && more.every(isCursorOrNull)));
    case "url":
      return typeof at === "string";
    case "offset":
      return isCount(at);
    case "page":
      return isCount(at) && (seen === undefined || isCount(seen));
    default:
      return false;
  }
}

/** What JSON gives for a cursor is text, a number or a structure, whose parts are JSON as well. */
export function isCursorValue(value: unknown): value is CursorValue {
  return typeof value === "string" || typeof value === "number" || isStructure(value);
}

export function isStructure(value: unknown): value is CursorStructure {
  return typeof value === "object" && value !== null;
}

function isCursorOrNull(value: unknown): boolean {
  return value === null || isCursorValue(value);
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
