import { entry, type Node, type Pointer, type ScalarNode, toValue } from "../read/tree.ts";

/**
 * A place in the descriptor's tree that may not exist or may hold the wrong kind: every reader answers
 * undefined then, because the validate phase has said so already.
 */
export class Cursor {
  readonly node: Node | undefined;
  readonly path: Pointer;

  constructor(node: Node | undefined, path: Pointer) {
    this.node = node;
    this.path = path;
  }

  get exists(): boolean {
    return this.node !== undefined;
  }

  at(key: string): Cursor {
    return new Cursor(entry(this.node, key)?.value, [...this.path, key]);
  }

  has(key: string): boolean {
    return entry(this.node, key) !== undefined;
  }

  /** The items of a list; of a lone value, that value. */
  items(): Cursor[] {
    if (this.node?.kind === "list")
      return this.node.items.map((item, index) => new Cursor(item, [...this.path, index]));
    return [];
  }

  itemsOrSelf(): Cursor[] {
    if (!this.node) return [];
    return this.node.kind === "list" ? this.items() : [this];
  }

  entries(): (readonly [string, Cursor])[] {
    if (this.node?.kind !== "map") return [];
    return this.node.entries.map(({ key, value }) => [key, new Cursor(value, [...this.path, key])] as const);
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
