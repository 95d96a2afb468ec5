/** The one door to the XML parser. Document types are refused, so no entity but the five of XML itself exists. */
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { charsetOf, decodeText } from "./charset.ts";
import { invalidResponse } from "./invalid.ts";

const maxDepth = 128;

/**
 * The value of an XML text: an element is a string, or an object of its children, its attributes (`@name`) and
 * its text (`#text`); an element that repeats is a list. All values are strings.
 */
export function parseXml(bytes: Uint8Array, contentType: string | undefined): unknown {
  const text = decodeText(bytes, charsetOf(contentType) ? contentType : declaredCharset(bytes));
  if (hasDoctype(text)) throw invalidResponse("The answer is XML with a document type, which is never read.");
  const valid = XMLValidator.validate(text);
  if (valid !== true) {
    const { line = 1, col = 1 } = valid.err;
    throw invalidResponse(
      `The answer is not valid XML at line ${line}, column ${col}; check that the endpoint answers with XML.`,
      { line, column: col },
    );
  }
  return parse(text);
}

function parse(text: string): unknown {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    parseTagValue: false,
    parseAttributeValue: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    trimValues: false,
    tagValueProcessor: dropLayout,
    entityDecoder,
    maxNestedTags: maxDepth,
    strictReservedNames: true,
    // As an own property `toString` does no harm; only `__proto__`, `constructor` and `prototype` are refused.
    onDangerousProperty: (name) => name,
  });
  try {
    return parser.parse(text);
  } catch {
    // The parser's message may quote the body.
    throw invalidResponse(
      `The answer is XML that is nested past ${maxDepth} levels or uses a reserved name.`,
    );
  }
}

/** Blanks between elements are layout; in an element that holds text alone they belong to the text. */
function dropLayout(
  _tag: string,
  text: string,
  _path: unknown,
  _attributes: boolean,
  isLeaf: boolean,
): string {
  return isLeaf || text.trim() !== "" ? text : "";
}

const predefined: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["apos", "'"],
  ["quot", '"'],
]);

/** XML 1.0, sections 4.1 and 4.6: character references and the five entities; any other stays as it stands. */
const entityDecoder = {
  decode: (text: string): string => (text.includes("&") ? text.replace(/&(#?\w+);/g, decodeEntity) : text),
  setExternalEntities(): void {},
  addInputEntities(): void {},
  reset(): void {},
  setXmlVersion(): void {},
};

function decodeEntity(whole: string, name: string): string {
  if (!name.startsWith("#")) return predefined.get(name) ?? whole;
  const isHex = name[1] === "x";
  if (!(isHex ? /^#x[0-9a-f]{1,8}$/i : /^#\d{1,8}$/).test(name)) return whole;
  const point = Number.parseInt(name.slice(isHex ? 2 : 1), isHex ? 16 : 10);
  const isCharacter = point <= 0x10ffff && point >= 1 && (point < 0xd800 || point > 0xdfff);
  return isCharacter ? String.fromCodePoint(point) : whole;
}

/** XML 1.0, section 2.8: only the declaration, processing instructions, comments and blanks may come before it. */
function hasDoctype(text: string): boolean {
  for (let at = 0; at >= 0 && at < text.length; ) {
    if (/\s/.test(text[at] ?? "")) at++;
    else if (text.startsWith("<?", at)) at = after(text, "?>", at);
    else if (text.startsWith("<!--", at)) at = after(text, "-->", at);
    else return /^<!DOCTYPE/i.test(text.slice(at, at + 9));
  }
  return false;
}

function after(text: string, closer: string, from: number): number {
  const found = text.indexOf(closer, from);
  return found < 0 ? -1 : found + closer.length;
}

/** XML 1.0, section 4.3.3: the declaration's encoding, where the content type names none. */
function declaredCharset(bytes: Uint8Array): string | undefined {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 128));
  const charset = /^<\?xml[^>]*\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(start)?.[1];
  return charset && `application/xml; charset=${charset}`;
}
