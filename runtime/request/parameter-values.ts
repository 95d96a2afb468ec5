import type { Values } from "./scope.ts";

/**
 * The values of one call's parameters: a list in the order of their declaration, whose places all calls of an operation
 * share. A Map for each call would cost more than reading it does.
 */
export class ParameterValues implements Values {
  readonly #places: ReadonlyMap<string, number>;
  readonly #values: readonly unknown[];

  /** `places`: of each name in `values`, where undefined stands for none. */
  constructor(places: ReadonlyMap<string, number>, values: readonly unknown[]) {
    this.#places = places;
    this.#values = values;
  }

  get(name: string): unknown {
    const place = this.#places.get(name);
    return place === undefined ? undefined : this.#values[place];
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  get size(): number {
    return this.#values.filter((value) => value !== undefined).length;
  }

  *values(): MapIterator<unknown> {
    for (const [, value] of this) yield value;
  }

  *[Symbol.iterator](): MapIterator<[string, unknown]> {
    for (const [name, place] of this.#places) {
      const value = this.#values[place];
      if (value !== undefined) yield [name, value];
    }
  }
}
