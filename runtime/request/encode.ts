import type { Context } from "../../schema/ir.ts";
import { encodeComponent } from "./component.ts";
import { checkLabel, checkPort } from "./host.ts";
import { Refused } from "./refused.ts";

/** Encodes one value's text for its place, or throws `Refused`. No value can change the shape of a request. */
export type Encoder = (text: string) => string;

/** The encoder of each context. Whole-URL contexts are judged where the URL is put together (`url.ts`). */
export const encoders: { readonly [C in Context]: Encoder } = {
  authority: asIs,
  base_url: asIs,
  host: (text) => checkLabel(text),
  port: (text) => checkPort(text),
  path: encodeSegment,
  path_slashes: encodePath,
  query: encodeComponent,
  header: encodeHeader,
  cookie: encodeCookie,
  form: encodeForm,
  json: asIs,
  xml: encodeXml,
  text: asIs,
  multipart: asIs,
  raw: asIs,
};

function asIs(text: string): string {
  return text;
}

function encodeSegment(text: string): string {
  if (text === "") throw new Refused("is empty, but stands in a path segment");
  if (text === "." || text === "..") throw new Refused(`is "${text}", which would change the path`);
  return encodeComponent(text);
}

/** A value of several segments: each is judged by itself. */
function encodePath(text: string): string {
  return text.split("/").map(encodeSegment).join("/");
}

/** For what `url()` has already encoded: it is still no dot segment and not empty. */
export function checkEncodedSegment(text: string): string {
  for (const segment of text.split("/"))
    if (segment === "" || segment === "." || segment === "..") encodeSegment(segment);
  return text;
}

/** RFC 9110, section 5.5; what is not Latin-1 has no agreed encoding in a header. */
function encodeHeader(text: string): string {
  if (/[\0\r\n]/.test(text)) throw new Refused("holds a line break or NUL, which a header cannot carry");
  if (/[^\t\x20-\x7e\x80-\xff]/.test(text)) throw new Refused("holds a character that a header cannot carry");
  if (/^[\t ]|[\t ]$/.test(text))
    throw new Refused(
      "begins or ends with a blank, which a header cannot carry. Take it away if it was pasted along",
    );
  return text;
}

/**
 * RFC 6265, section 4.1.1: what is of cookie-octets alone stays, such as a value that a server has set. Of any other,
 * the rest is percent-encoded, and `%` with it, so that it can be read back.
 */
function encodeCookie(text: string): string {
  if (/[\0\r\n]/.test(text)) throw new Refused("holds a line break or NUL, which a cookie cannot carry");
  if (/^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/.test(text)) return text;
  return text.replace(/[^\x21\x23\x24\x26-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+/g, encodeComponent);
}

/** The WHATWG serialiser of application/x-www-form-urlencoded. */
export function encodeForm(text: string): string {
  const encoded = encodeComponent(text).replace(
    /[!'()~]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return encoded.replaceAll("%20", "+");
}

const xmlEntities: { readonly [char: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\t": "&#x9;",
  "\n": "&#xA;",
  "\r": "&#xD;",
};

/**
 * XML 1.0, section 2.2 says which characters a document cannot hold at all. Where it does not stand as a reference, a
 * parser reads CR as LF (2.11), and either of them or a tab in an attribute as a space (3.3.3).
 */
function encodeXml(text: string): string {
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text) || !text.isWellFormed()) {
    throw new Refused("holds a character that XML cannot carry");
  }
  return text.replace(/[&<>"'\t\n\r]/g, (char) => xmlEntities[char] ?? char);
}
