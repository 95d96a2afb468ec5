import { entry, type Node, type Pointer, type ScalarNode, toValue } from "../read/tree.ts";

/**
 * A place in the descriptor's tree that may not exist or may hold the wrong kind: every reader answers
 * undefined then, because the validate phase has said so already.
 */
export class Cursor {
  readonly node: Node | undefined;
  /** The path of a first cursor, or the cursor that this one was reached from. */
  readonly #from: Pointer | Cursor;
  readonly #key: string | number;
  #path: Pointer | undefined;

  constructor(node: Node | undefined, from: Pointer | Cursor, key: string | number = "") {
    this.node = node;
    this.#from = from;
    this.#key = key;
  }

  /** Made when asked for: many cursors are made, and few have something to say. */
  get path(): Pointer {
    this.#path ??= this.#follow();
    return this.#path;
  }

  #follow(): Pointer {
    const parts: (string | number)[] = [];
    let at: Cursor = this;
    while (at.#from instanceof Cursor) {
      parts.push(at.#key);
      at = at.#from;
    }
    return [...at.#from, ...parts.reverse()];
  }

  get exists(): boolean {
    return this.node !== undefined;
  }

  at(key: string): Cursor {
    return new Cursor(entry(this.node, key)?.value, this, key);
  }

  has(key: string): boolean {
    return entry(this.node, key) !== undefined;
  }

  /** The text that an entry of a map has, where that is all that is asked. */
  text(key: string): string | undefined {
    const value = entry(this.node, key)?.value;
    return value?.kind === "scalar" && typeof value.value === "string" ? value.value : undefined;
  }

  /** The items of a list; of a lone value, that value. */
  items(): Cursor[] {
    if (this.node?.kind === "list")
      return this.node.items.map((item, index) => new Cursor(item, this, index));
    return [];
  }

  itemsOrSelf(): Cursor[] {
    if (!this.node) return [];
    return this.node.kind === "list" ? this.items() : [this];
  }

  entries(): (readonly [string, Cursor])[] {
    if (this.node?.kind !== "map") return [];
    return this.node.entries.map(({ key, value }) => [key, new Cursor(value, this, key)] as const);
  }

  /** How many items or entries stand here. */
  get size(): number {
    if (this.node?.kind === "list") return this.node.items.length;
    return this.node?.kind === "map" ? this.node.entries.length : 0;
  }

  get scalar(): ScalarNode | undefined {
    return this.node?.kind === "scalar" ? this.node : undefined;
  }

  string(): string | undefined {
    const value = this.scalar?.value;
    return typeof value === "string" ? value : undefined;
  }

  number(): number | undefined {
    const value = this.scalar?.value;
    return typeof value === "number" ? value : undefined;
  }

  boolean(): boolean | undefined {
    const value = this.scalar?.value;
    return typeof value === "boolean" ? value : undefined;
  }

  /** Plain data; undefined where nothing stands. */
  value(): unknown {
    return this.node ? toValue(this.node) : undefined;
  }
}
