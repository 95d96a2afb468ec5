/** The one door to the XML parser. Document types are refused, so no entity but the five of XML itself exists. */
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { invalidResponse } from "./invalid.ts";
import { decodeEntities, readXmlText } from "./xml-text.ts";

const maxDepth = 128;

/**
 * The value of an XML text: an element is a string, or an object of its children, its attributes (`@name`) and
 * its text (`#text`); an element that repeats is a list. All values are strings.
 */
export function parseXml(bytes: Uint8Array, contentType: string | undefined): unknown {
  const text = readXmlText(bytes, contentType);
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

const entityDecoder = {
  decode: decodeEntities,
  setExternalEntities(): void {},
  addInputEntities(): void {},
  reset(): void {},
  setXmlVersion(): void {},
};
