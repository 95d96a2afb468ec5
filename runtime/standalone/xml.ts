/** XML without a package, to the same values; stands in for `response/xml.ts` in a standalone client. */
import { invalidResponse } from "../response/invalid.ts";
import { decodeEntities, readXmlText } from "../response/xml-text.ts";

const maxDepth = 128;

interface Element {
  readonly name: string;
  readonly value: Record<string, unknown>;
  /** Read, and not yet known for text or layout. */
  pending: string;
  text: string | undefined;
  /** Elements and pieces of text. */
  nodes: number;
  elements: number;
}

/** XML 1.0, production by production as far as values depend on it. */
const token =
  /<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<\/([^\s<>]+)\s*>|<([^\s<>/!?]+)((?:\s+[^\s<>/=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;
const attribute = /([^\s<>/=]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;

/** Names that mean something else to whoever copies objects. */
const reserved: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** As the runtime's reader: an element is a string, or an object of its children, attributes (`@name`) and text (`#text`). */
export function parseXml(bytes: Uint8Array, contentType: string | undefined): unknown {
  const text = readXmlText(bytes, contentType);
  const root = open("", "");
  const stack: Element[] = [root];
  let at = text.startsWith("\ufeff") ? 1 : 0;
  while (at < text.length) {
    token.lastIndex = at;
    const found = token.exec(text);
    const top = stack.at(-1);
    if (!found || !top) throw invalidXml(text, at);
    const [whole, cdata, closing, name, attributes = "", empty, plain] = found;
    if (cdata !== undefined) {
      keepText(top, top.nodes === 0);
      addText(top, cdata);
    } else if (closing !== undefined) {
      if (closing !== top.name) throw invalidXml(text, at);
      stack.pop();
      close(top, stack.at(-1) ?? root);
    } else if (name !== undefined) {
      if (top === root && root.elements > 0) throw invalidXml(text, at);
      if (reserved.has(name)) throw invalidResponse("The answer is XML that uses a reserved name.");
      keepText(top, false);
      top.nodes++;
      top.elements++;
      const element = open(name, attributes);
      if (empty) close(element, top);
      else if (stack.push(element) > maxDepth)
        throw invalidResponse(`The answer is XML that is nested past ${maxDepth} levels.`);
    } else if (plain !== undefined) {
      if (top === root && plain.trim() !== "") throw invalidXml(text, at);
      top.pending += decodeEntities(plain);
    }
    at += whole.length;
  }
  if (stack.length > 1 || root.elements === 0) throw invalidXml(text, text.length);
  return root.value;
}

function open(name: string, attributes: string): Element {
  const value: Record<string, unknown> = {};
  for (const [, key, double, single] of attributes.matchAll(attribute))
    own(value, `@${key}`, decodeEntities(double ?? single ?? ""));
  return { name, value, pending: "", text: undefined, nodes: 0, elements: 0 };
}

/** An element without attributes and children is its text. */
function close(element: Element, parent: Element): void {
  keepText(element, element.nodes === 0);
  const { name, value, text } = element;
  const isText = element.elements === 0 && Object.keys(value).length === 0;
  if (!isText && text !== undefined) own(value, "#text", text);
  add(parent.value, name, isText ? (text ?? "") : value);
}

/** Blanks between elements are layout; in an element that holds nothing else they are its text. */
function keepText(element: Element, alone: boolean): void {
  const { pending } = element;
  element.pending = "";
  if (pending !== "" && (alone || pending.trim() !== "")) addText(element, pending);
}

function addText(element: Element, text: string): void {
  element.text = (element.text ?? "") + text;
  element.nodes++;
}

/** What repeats becomes a list. */
function add(value: Record<string, unknown>, name: string, child: unknown): void {
  const before = Object.hasOwn(value, name) ? value[name] : undefined;
  if (Array.isArray(before)) before.push(child);
  else own(value, name, before === undefined ? child : [before, child]);
}

/** Whatever a name is, it becomes an own property. */
function own(value: object, key: string, item: unknown): void {
  Object.defineProperty(value, key, { value: item, enumerable: true, configurable: true, writable: true });
}

function invalidXml(text: string, at: number): Error {
  const before = text.slice(0, at).split("\n");
  const [line, column] = [before.length, (before.at(-1)?.length ?? 0) + 1];
  return invalidResponse(
    `The answer is not valid XML at line ${line}, column ${column}; check that the endpoint answers with XML.`,
    { line, column },
  );
}
