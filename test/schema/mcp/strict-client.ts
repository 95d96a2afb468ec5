import { Ajv2020 } from "ajv/dist/2020.js";
import type { ToolText } from "../../../schema/mcp/tool.ts";

const unions = ["oneOf", "anyOf", "allOf", "not", "if", "enum", "const", "$ref"];

/** What a strict client holds against tools: names, keys at every depth, roots, references, sizes. */
export function clientComplaints(tools: readonly ToolText[]): readonly string[] {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const names = new Set<string>();
  return tools.flatMap((tool) => {
    const complaints: string[] = [];
    const hold = (holds: boolean, what: string): void => {
      if (!holds) complaints.push(`${tool.name}: ${what}`);
    };
    hold(/^[a-zA-Z0-9_-]{1,64}$/.test(tool.name), "its name is not taken by every client");
    hold(!names.has(tool.name), "its name is there twice");
    names.add(tool.name);
    hold(
      tool.description.length > 0 && tool.description.length <= 1024,
      "its description is empty or too long",
    );
    for (const schema of [tool.inputSchema, tool.outputSchema ?? { type: "object" }]) {
      hold(schema.type === "object", "a root is no object");
      hold(!unions.some((key) => Object.hasOwn(schema, key)), "a root is a union");
    }
    for (const key of keysIn(tool.inputSchema))
      hold(/^[a-zA-Z0-9_.-]{1,64}$/.test(key), `its key ${key} is not taken by every client`);
    for (const reference of referencesIn(tool))
      hold(/^#\/\$defs\/[A-Za-z0-9_.-]+$/.test(reference), `it refers to ${reference}`);
    hold(JSON.stringify(tool).length <= 32_768, `it takes ${JSON.stringify(tool).length} characters`);
    try {
      ajv.compile(tool.inputSchema);
    } catch (error) {
      complaints.push(`${tool.name}: ${String(error)}`);
    }
    return complaints;
  });
}

/** Names of properties at any depth, wherever a map of properties may stand. */
function keysIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(keysIn);
  return Object.entries(value).flatMap(([key, inner]) => {
    if (["default", "examples", "enum", "const"].includes(key)) return [];
    const isMap = key === "properties" && typeof inner === "object" && inner !== null;
    return [...(isMap ? Object.keys(inner) : []), ...keysIn(isMap ? Object.values(inner) : inner)];
  });
}

function referencesIn(value: unknown): readonly string[] {
  return [...JSON.stringify(value).matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference = ""]) => reference);
}
