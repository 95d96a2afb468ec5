import { closest } from "../../../schema/language/spelling.ts";
import { inStyle } from "../../validate/words.ts";
import type { Rule } from "../rule.ts";
import { eachSchema } from "../schemas.ts";

/** Those of JSON Schema 2020-12, and those of OpenAPI's format registry that APIs use. */
const known: readonly string[] = [
  ...[
    "date-time",
    "date",
    "time",
    "duration",
    "email",
    "idn-email",
    "hostname",
    "idn-hostname",
    "ipv4",
    "ipv6",
  ],
  ...["uri", "uri-reference", "uri-template", "iri", "iri-reference", "uuid", "json-pointer"],
  ...[
    "relative-json-pointer",
    "regex",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
  ],
  ...["float", "double", "decimal", "decimal128", "password", "binary", "byte", "base64url", "char", "html"],
  ...[
    "commonmark",
    "media-range",
    "url",
    "unixtime",
    "unix-time",
    "timestamp",
    "datetime",
    "date-time-local",
  ],
];
const names: ReadonlySet<string> = new Set(known);

export const schemaFormat: Rule = {
  id: "schema/format",
  severity: "warning",
  summary: "A `format` that is a slip away from a known one: values are not held against it.",
  check: ({ declared }, report) => {
    eachSchema(declared.root, (at) => {
      const format = at.at("format");
      const name = format.string();
      // Short words are near to one another by chance.
      if (name === undefined || name.length < 4 || names.has(name)) return;
      const meant = closest(name, known);
      if (meant === undefined || !format.scalar || !isSlip(name, meant)) return;
      report({
        path: format.path,
        message: `No format is called \`${name}\`: values are not held against it.`,
        help: `Did you mean \`${meant}\`?`,
        ...(format.scalar.style === "block" ? {} : { replace: inStyle(meant, format.scalar) }),
      });
    });
  },
};

/** Formats of an API's own may be as near: those begin with another letter, or are longer or shorter. */
function isSlip(name: string, meant: string): boolean {
  return name[0]?.toLowerCase() === meant[0] && Math.abs(name.length - meant.length) <= 1;
}
