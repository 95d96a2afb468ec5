import { createHash } from "node:crypto";

/** The hash of JSON with sorted keys: the same content gives the same text, which is hashed piece by piece. */
export function contentHash(value: unknown): string {
  const hash = createHash("sha256");
  let text = "";
  const write = (piece: string): void => {
    text += piece;
    if (text.length < chunk) return;
    hash.update(text);
    text = "";
  };
  canonical(value, write, createKeyTexts());
  return hash.update(text).digest("hex");
}

/** Characters that are gathered before they are hashed. */
const chunk = 16 * 1024;

function canonical(value: unknown, write: (piece: string) => void, keyText: (key: string) => string): void {
  if (Array.isArray(value)) {
    write("[");
    let separator = "";
    for (const item of value) {
      write(separator);
      canonical(item, write, keyText);
      separator = ",";
    }
    write("]");
  } else if (typeof value !== "object" || value === null) write(JSON.stringify(value) ?? "null");
  else {
    let separator = "{";
    // An object that is no list has its values by name.
    const object = value as Readonly<Record<string, unknown>>;
    for (const key of Object.keys(object).sort()) {
      const inner = object[key];
      if (inner === undefined) continue;
      write(separator);
      write(keyText(key));
      canonical(inner, write, keyText);
      separator = ",";
    }
    write(separator === "{" ? "{}" : "}");
  }
}

/** Keys of the IR stand in it thousands of times. */
function createKeyTexts(): (key: string) => string {
  const texts = new Map<string, string>();
  return (key) => {
    const known = texts.get(key);
    if (known !== undefined) return known;
    const text = `${JSON.stringify(key)}:`;
    if (texts.size < 1000) texts.set(key, text);
    return text;
  };
}
