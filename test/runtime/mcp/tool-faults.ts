import type { Ajv2020 } from "ajv/dist/2020.js";
import type { ListedTool } from "../../../runtime/mcp/index.ts";

const keyForm = /^[A-Za-z0-9_.-]{1,64}$/;
/** The strictest of the clients' limits on one schema. */
const mostCharacters = 16_384;

/** What a strict client would refuse a tool for: names, keys, roots, references, sizes. */
export function toolFaults(
  { name, description, inputSchema, outputSchema }: ListedTool,
  ajv: Ajv2020,
): readonly string[] {
  const faults: string[] = [];
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) faults.push("a name that clients refuse");
  if (description.trim() === "" || description.length > 1024)
    faults.push("a description of no or too many characters");
  for (const schema of outputSchema ? [inputSchema, outputSchema] : [inputSchema]) {
    if (schema.type !== "object") faults.push("a root that is no object");
    for (const union of ["anyOf", "oneOf", "allOf"]) if (union in schema) faults.push(`${union} at the root`);
    for (const [where, value] of nodes(schema)) {
      if (where.key === "$ref" && (typeof value !== "string" || !resolves(value, schema)))
        faults.push(`a $ref to nowhere: ${value}`);
      if (where.parent === "properties" && !keyForm.test(where.key)) faults.push(`the key ${where.key}`);
    }
    if (JSON.stringify(schema).length > mostCharacters)
      faults.push(`${JSON.stringify(schema).length} characters of a schema`);
    try {
      ajv.compile(schema);
    } catch (error) {
      faults.push(`a schema that does not compile: ${error}`);
    }
  }
  return faults.map((fault) => `${name} has ${fault}`);
}

interface Where {
  readonly key: string;
  /** The key under which the map stands that has `key`. */
  readonly parent: string;
}

function* nodes(value: unknown, parent = "", key = ""): Generator<readonly [Where, unknown]> {
  yield [{ key, parent }, value];
  if (typeof value !== "object" || value === null) return;
  for (const [inner, member] of Object.entries(value)) yield* nodes(member, key, inner);
}

function resolves(reference: string, root: unknown): boolean {
  if (!reference.startsWith("#")) return false;
  let at: unknown = root;
  for (const part of reference.slice(1).split("/").slice(1)) {
    const step = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return false;
    at = (at as Record<string, unknown>)[step];
  }
  return true;
}
