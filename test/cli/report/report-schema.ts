/** The published schema of the JSON report, with nothing beside what it describes. */
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

const schema: unknown = JSON.parse(
  readFileSync(new URL("../../../schema/report.schema.json", import.meta.url), "utf8"),
);
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(closed(schema) as object);

/** What is wrong with a report by its schema, or by what the schema leaves out. */
export function reportFaults(text: string): readonly string[] {
  return validate(JSON.parse(text))
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** Later releases may add properties; this one has no others than the schema says. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).map(([key, value]) => [key, closed(value)]);
  const open: object = Object.fromEntries(entries);
  return "properties" in open && "type" in open ? { ...open, additionalProperties: false } : open;
}
