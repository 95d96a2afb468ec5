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
  const hash = shortHash(text);
  const stem = readable.replace(/^_+|_+$/g, "").slice(0, most - hash.length - 1);
  return stem === "" ? `_${hash}` : `${stem}_${hash}`;
}

/**
 * Six hex digits that tell texts apart: FNV-1a of 32 bits over the UTF-16 code units, folded to 24. It only keeps names
 * apart whose readable parts are equal; that no two tools share a name is checked where they are listed.
 */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  return (((hash >>> 24) ^ hash) & 0xffffff).toString(16).padStart(6, "0");
}
