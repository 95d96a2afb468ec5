/** What reading XML takes besides a parser: its encoding, its entities, and the refusal of document types. */
import { charsetOf, decodeText } from "./charset.ts";
import { invalidResponse } from "./invalid.ts";

/** The text of an XML body by its content type or its declaration; throws where it has a document type. */
export function readXmlText(bytes: Uint8Array, contentType: string | undefined): string {
  const text = decodeText(bytes, charsetOf(contentType) ? contentType : declaredCharset(bytes));
  if (hasDoctype(text)) throw invalidResponse("The answer is XML with a document type, which is never read.");
  return text;
}

const predefined: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["apos", "'"],
  ["quot", '"'],
]);

/** XML 1.0, sections 4.1 and 4.6: character references and the five entities; any other stays as it stands. */
export function decodeEntities(text: string): string {
  return text.includes("&") ? text.replace(/&(#?\w+);/g, decodeEntity) : text;
}

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
