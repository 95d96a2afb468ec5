import type { ReceivedRequest } from "../../../../runtime/testing/index.ts";

/** A place of a request where a parameter `v` goes. */
export interface Place {
  readonly fields: string;
  /** What is given as the parameter; the value itself where nothing else is said. */
  readonly given?: (value: string) => unknown;
  readonly heard: (request: ReceivedRequest, value: string) => unknown;
  readonly refuses: RegExp;
  /** What would end the value's place: none of it may stand where the value is, as it is written there. */
  readonly ends: RegExp;
}

/** By name. */
export interface Places {
  readonly [place: string]: Place;
}

/** The first item of `v`, with "z" behind it. */
export const listed = (value: string): unknown => [value, "z"];
export const firstOf = (items: readonly string[]): string | undefined =>
  items.length === 2 && items[1] === "z" ? decodeURIComponent(items[0] ?? "") : undefined;

/** The value as the only key of a map. */
export const keyed = (value: string): unknown => Object.fromEntries([[value, "z"]]);
/** The name of the only pair, whose value is "z". */
export const keyOf = (pairs: readonly (readonly [string, string])[]): string | undefined =>
  pairs.length === 1 && pairs[0]?.[1] === "z" ? pairs[0][0] : undefined;
/** Percent-decoded, unless what parts the items stands in it. */
export const afterKey = (written: string | undefined, parting: string): string | undefined =>
  written === undefined || written.includes(parting) ? undefined : decodeURIComponent(written);
