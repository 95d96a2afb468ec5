import type { ParameterStyle } from "../../schema/ir.ts";
import { Refused } from "./refused.ts";
import { isScalar, toText } from "./text.ts";
import { toJson } from "./to-json.ts";

/** How one place encodes a name or a value, e.g. `encodeComponent` in a query. */
type Encode = (text: string) => string;

/** One `name=value` of a query or cookie, both encoded. */
export interface Pair {
  readonly name: string;
  readonly value: string;
  /** The name stands alone, without `=`; the value is empty. */
  readonly bare?: true;
}

/** Pairs as they stand in a query (`&`) or in the `cookie` header (`; `). */
export function joinPairs(pairs: readonly Pair[], separator: string): string {
  let text = "";
  for (const { name, value, bare } of pairs) {
    if (text !== "") text += separator;
    text += bare ? name : `${name}=${value}`;
  }
  return text;
}

/** Between the items of one value. A bar is no character of a URL (RFC 3986, section 2), so it goes encoded, as OpenAPI 3.1.1 has it. */
const delimiters: { readonly [S in ParameterStyle]: string } = {
  form: ",",
  spaceDelimited: "%20",
  pipeDelimited: "%7C",
  deepObject: ",",
  simple: ",",
  label: ",",
  matrix: ",",
  flag: ",",
};

/** Name and value pairs of a parameter (OpenAPI 3.1, section 4.8.12, styles form, spaceDelimited, pipeDelimited, deepObject). */
export function toPairs(
  name: string,
  value: unknown,
  style: ParameterStyle,
  explode: boolean,
  encode: Encode,
): Pair[] {
  const key = encode(name);
  if (isScalar(value)) return [{ name: key, value: encode(toText(value)) }];
  if (Array.isArray(value)) {
    if (style === "deepObject") return deepListPairs(key, value, encode);
    return listPairs(key, value, style, explode, encode);
  }
  if (!isRecord(value)) return [{ name: key, value: encode(toText(value)) }];
  if (style === "deepObject") return deepPairs(key, value, encode);
  const entries = present(value);
  if (explode) return entries.flatMap(([part, item]) => toPairs(part, plain(item), "form", true, encode));
  if (entries.length === 0) return [];
  const items = entries.flatMap(([part, item]) => [encode(part), encode(toText(item))]);
  return [{ name: key, value: joined(items, delimiters[style]) }];
}

/**
 * The text of a value in a path or header (OpenAPI 3.1, Style Values: simple, label, matrix; RFC 6570, sections 3.2.5 to
 * 3.2.7). Throws `Refused` for a list or map that has nothing to write.
 */
export function toStyledText(
  name: string,
  value: unknown,
  style: ParameterStyle,
  explode: boolean,
  encode: Encode,
): string {
  const items = styledItems(value, explode, encode);
  if (items.length === 0) throw new Refused("is empty, and this place cannot say so. Leave it out");
  if (isScalar(value)) return scalarText(encode(name), items.join(), style);
  if (style === "label") return `.${joined(items, explode ? "." : ",")}`;
  if (style !== "matrix") return joined(items, ",");
  const key = encode(name);
  if (!explode) return matrixPart(key, joined(items, ","));
  // A key holds no equals sign, and that of an encoded value is escaped: the last one stands before nothing.
  return items
    .map((item) => (Array.isArray(value) ? matrixPart(key, item) : `;${item.replace(/=$/, "")}`))
    .join("");
}

function scalarText(key: string, text: string, style: ParameterStyle): string {
  if (style === "label") return `.${text}`;
  return style === "matrix" ? matrixPart(key, text) : text;
}

/** What may part the items of one value, as a sentence names it. */
const partings: { readonly [delimiter: string]: string } = {
  ",": "a comma",
  ".": "a dot",
  "%20": "a blank",
  "%7C": "a bar",
  "=": "an equals sign",
};

/** Encoded items in one text. One that holds the delimiter would be two to the server, and no encoding can tell it otherwise. */
function joined(items: readonly string[], delimiter: string): string {
  for (const item of items) refuseWithin(item, delimiter);
  return items.join(delimiter);
}

function refuseWithin(item: string, delimiter: string): void {
  // In a form a blank is a plus.
  if (!item.includes(delimiter) && !(delimiter === "%20" && item.includes("+"))) return;
  throw new Refused(
    `holds an item with ${partings[delimiter] ?? delimiter} in it, which parts the items of this style. Take a style that can tell them apart`,
  );
}

/** A list or map with nothing to write; RFC 6570, section 2.3, calls it undefined. */
export function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => item === undefined || item === null);
  return isRecord(value) && present(value).length === 0;
}

/** RFC 6570, section 3.2.7: an empty value has no equals sign. */
function matrixPart(name: string, value: string): string {
  return value === "" ? `;${name}` : `;${name}=${value}`;
}

function styledItems(value: unknown, explode: boolean, encode: Encode): string[] {
  if (Array.isArray(value))
    return value
      .filter((item) => item !== undefined && item !== null)
      .map((item) => encode(toText(plain(item))));
  if (!isRecord(value)) return [encode(toText(value))];
  return present(value).flatMap(([part, item]) => {
    const key = encode(part);
    const text = encode(toText(item));
    if (!explode) return [key, text];
    refuseWithin(key, "=");
    return [`${key}=${text}`];
  });
}

function listPairs(
  key: string,
  list: readonly unknown[],
  style: ParameterStyle,
  explode: boolean,
  encode: Encode,
): Pair[] {
  const items = list
    .filter((item) => item !== undefined && item !== null)
    .map((item) => encode(toText(item)));
  if (items.length === 0) return [];
  if (explode) return items.map((value) => ({ name: key, value }));
  return [{ name: key, value: joined(items, delimiters[style]) }];
}

/** `filter[owner][id]=5`; OpenAPI leaves lists open, and servers that read brackets agree on `ids[]=1`. */
function deepPairs(key: string, value: object, encode: Encode): Pair[] {
  return present(value).flatMap(([part, item]) =>
    deepPair(`${key}[${bracketed(part, encode)}]`, item, encode),
  );
}

/** Servers decode a name before they read its brackets: one within a key would be another level, escaped or not. */
function bracketed(part: string, encode: Encode): string {
  if (/[[\]]/.test(part))
    throw new Refused("has a key with a bracket in it, which this style takes for a level of its own");
  return encode(part);
}

/** `ids[]=1&ids[]=2`; a list that holds maps or lists counts them, so that what belongs together stays so: `items[0][id]=1`. */
function deepListPairs(key: string, list: readonly unknown[], encode: Encode): Pair[] {
  const items = list.filter((item) => item !== undefined && item !== null);
  const nested = items.some((item) => Array.isArray(item) || isRecord(item));
  return items.flatMap((item, index) => deepPair(`${key}[${nested ? index : ""}]`, item, encode));
}

function deepPair(name: string, value: unknown, encode: Encode): Pair[] {
  if (Array.isArray(value)) return deepListPairs(name, value, encode);
  return isRecord(value) ? deepPairs(name, value, encode) : [{ name, value: encode(toText(value)) }];
}

function present(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
}

/** Nested objects have no form in these styles; JSON says at least what they are. */
function plain(value: unknown): unknown {
  return typeof value === "object" && value !== null ? toJson(value) : value;
}

function isRecord(value: unknown): value is object {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}
