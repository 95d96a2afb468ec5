/** One input that is made to exhaust a reader, and how such texts are built. */
export interface HostileCase {
  readonly title: string;
  readonly file: "yaml" | "json";
  readonly text: () => string | Uint8Array;
}

/** The largest YAML text that is read at all. */
export const full: number = 2 * 1024 * 1024;

/** Pieces in a row until the text is as long as is allowed, with a head and a tail. */
export function fill(head: string, piece: (index: number) => string, tail = "", size: number = full): string {
  const pieces = [head];
  let length = head.length + tail.length;
  for (let index = 0; ; index++) {
    const next = piece(index);
    if (length + next.length > size) break;
    pieces.push(next);
    length += next.length;
  }
  pieces.push(tail);
  return pieces.join("");
}

/** A case whose file is YAML. */
export function yaml(title: string, text: () => string | Uint8Array): HostileCase {
  return { title, file: "yaml", text };
}

/** A case whose file is JSON. */
export function json(title: string, text: () => string | Uint8Array): HostileCase {
  return { title, file: "json", text };
}
