import { createHash } from "node:crypto";

/** The longest name of a tool, and of an argument, that every client takes. */
const most = 64;

/**
 * A name that MCP clients take: the text itself where it is one, else what is readable of it and a hash of the whole,
 * so that a name depends on nothing but its own text.
 */
export function toolName(text: string): string {
  return alias(text, /[^A-Za-z0-9_-]+/g);
}

/** The same for an argument, which may have a point in it. */
export function argumentName(text: string): string {
  return alias(text, /[^A-Za-z0-9_.-]+/g);
}

function alias(text: string, others: RegExp): string {
  const readable = text.replace(others, "_");
  if (readable === text && text !== "" && text.length <= most) return text;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 6);
  const stem = readable.replace(/^_+|_+$/g, "").slice(0, most - hash.length - 1);
  return stem === "" ? `_${hash}` : `${stem}_${hash}`;
}
