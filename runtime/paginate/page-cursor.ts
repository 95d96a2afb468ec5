import { decodeBase64urlText, encodeBytes } from "../crypto/encoding.ts";
import { hash } from "../crypto/hash.ts";
import { ConnectorError } from "../errors.ts";
import type { Values } from "../request/scope.ts";
import { isPosition, type Position } from "./position.ts";
import type { Veil } from "./veil.ts";

const format = 2;

/** What a cursor belongs to: it leads nowhere in another reading. */
export interface CursorOwner {
  readonly connector: string;
  readonly operation: string;
  /** `parametersMark` of the caller's parameters. */
  readonly mark: string;
  readonly veil: Veil;
}

/**
 * The opaque text that `cursor` options, pages and errors carry. It holds no secret, and every process can read it. It
 * is written only where somebody reads it, and hides the secrets of now: those are what the server may have echoed.
 */
export function cursorOf(
  { connector, operation, mark, veil }: CursorOwner,
  position: Position,
): () => string {
  const cover = veil.covering();
  let text: string | undefined;
  return () => {
    text ??= encodeBytes(cover(JSON.stringify([format, connector, operation, mark, position])), "base64url");
    return text;
  };
}

/** Reads a cursor of these kinds; throws `invalid_parameters` where it is none of this reading. */
export async function parseCursor(
  owner: CursorOwner,
  cursor: string,
  kinds: readonly Position["kind"][],
): Promise<Position> {
  const [version, connector, operation, mark, position] = await readCursor(owner, cursor);
  if (version !== format || connector !== owner.connector || operation !== owner.operation)
    throw notOurs(
      "is none of this operation. Pass the one that a page or an error of the same operation gave.",
    );
  if (mark !== owner.mark) throw notOurs("belongs to other parameters. Pass those with which it was given.");
  if (isPosition(position) && kinds.includes(position.kind)) return position;
  throw notOurs("is of another kind of pages. Begin anew without it: the connector has changed since.");
}

async function readCursor({ veil }: CursorOwner, cursor: string): Promise<readonly unknown[]> {
  // Callers without types may pass anything.
  const text = typeof cursor === "string" ? await veil.uncover(decodeBase64urlText(cursor)) : "";
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    // Said by the caller.
    return [];
  }
}

/**
 * Tells parameters apart. Secret ones are left out, so that nobody can try values against a cursor; so are the place of
 * the page, which the cursor says, and values that are no data.
 */
export function parametersMark(values: Values, counted: ReadonlySet<string>): string {
  const given = [...counted].filter((name) => values.has(name)).sort();
  const text = JSON.stringify(
    given.map((name) => [name, values.get(name)]),
    plainValue,
  );
  return encodeBytes(hash("sha256", text).subarray(0, 9), "base64url");
}

/** Keys in one order; big integers as text. */
function plainValue(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}`;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}

function notOurs(what: string): ConnectorError {
  return new ConnectorError({
    code: "invalid_parameters",
    phase: "parameters",
    message: `The \`cursor\` ${what}`,
    details: { parameter: "cursor" },
  });
}
