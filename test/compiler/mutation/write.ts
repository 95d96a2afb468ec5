/** Data as JSON text, a line for each scalar, with the lines of each place. */

/** An entry that the text says twice. */
export class Twice {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

export type Way = readonly (string | number)[];

export interface Written {
  readonly text: string;
  /** First and last line of a place, by its JSON Pointer. */
  readonly lines: ReadonlyMap<string, readonly [first: number, last: number]>;
}

export function write(data: unknown): Written {
  const rows: string[] = [];
  const lines = new Map<string, readonly [number, number]>();
  const put = (value: unknown, way: Way, head: string, tail: string): void => {
    if (value instanceof Twice) {
      put(value.value, way, head, ",");
      put(value.value, way, head, tail);
      return;
    }
    const first = rows.length + 1;
    const inner = entriesOf(value);
    if (inner === undefined) rows.push(`${head}${JSON.stringify(value)}${tail}`);
    else {
      const [open, close] = Array.isArray(value) ? "[]" : "{}";
      rows.push(`${head}${open}`);
      for (const [index, [key, one]] of inner.entries()) {
        const name = Array.isArray(value) ? "" : `${JSON.stringify(key)}: `;
        put(one, [...way, key], name, index < inner.length - 1 ? "," : "");
      }
      rows.push(`${close}${tail}`);
    }
    lines.set(pointer(way), [first, rows.length]);
  };
  put(data, [], "", "");
  return { text: rows.join("\n"), lines };
}

export function pointer(way: Way): string {
  return way.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** What a list or map holds; undefined for scalars. */
export function entriesOf(
  value: unknown,
): readonly (readonly [key: string | number, value: unknown])[] | undefined {
  if (Array.isArray(value)) return [...value.entries()];
  return typeof value === "object" && value !== null ? Object.entries(value) : undefined;
}
