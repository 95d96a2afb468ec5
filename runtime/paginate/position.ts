import { decodeBase64urlText, encodeBytes } from "../crypto/encoding.ts";
import { ConnectorError } from "../errors.ts";

/** Where a page lies: what to ask for to get it. */
export type Position =
  /** Nothing is asked: where cursors and links begin. */
  | { readonly kind: "start" }
  | { readonly kind: "cursor"; readonly value: string | number }
  /** An absolute URL that the server named. */
  | { readonly kind: "url"; readonly value: string }
  | { readonly kind: "offset"; readonly value: number }
  /** `seen`: records of the pages before, to be held against a total. */
  | { readonly kind: "page"; readonly value: number; readonly seen: number };

const format = 1;

/** The opaque text that `cursor` options, pages and errors carry. */
export function formatCursor(operation: string, position: Position): string {
  return encodeBytes(JSON.stringify([format, operation, position]), "base64url");
}

/** Reads a cursor of these kinds; throws `invalid_parameters` where it is none of this operation. */
export function parseCursor(operation: string, cursor: string, kinds: readonly Position["kind"][]): Position {
  const position = readCursor(operation, cursor);
  if (position && kinds.includes(position.kind)) return position;
  throw new ConnectorError({
    code: "invalid_parameters",
    phase: "parameters",
    message:
      "The `cursor` is none of this operation. Pass the one that a page or an error of the same operation gave.",
    details: { parameter: "cursor" },
  });
}

function readCursor(operation: string, cursor: string): Position | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(decodeBase64urlText(cursor));
  } catch {
    // Said by the caller.
    return undefined;
  }
  if (!Array.isArray(parsed) || parsed[0] !== format || parsed[1] !== operation) return undefined;
  return isPosition(parsed[2]) ? parsed[2] : undefined;
}

function isPosition(value: unknown): value is Position {
  if (typeof value !== "object" || value === null) return false;
  const { kind, value: at, seen } = value as { kind?: unknown; value?: unknown; seen?: unknown };
  switch (kind) {
    case "start":
      return true;
    case "cursor":
      return typeof at === "string" || typeof at === "number";
    case "url":
      return typeof at === "string";
    case "offset":
      return isCount(at);
    case "page":
      return isCount(at) && isCount(seen);
    default:
      return false;
  }
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
