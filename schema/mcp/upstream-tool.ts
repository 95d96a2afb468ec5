/** Tools of a foreign MCP server: what of them is reviewed, and so what a lock is a hash of. */
import type { Json, JsonObject } from "../ir.ts";

/** A tool as `tools/list` of a foreign server gives it (MCP 2026-07-28, Tool). Its texts are data, written by others. */
export interface ForeignTool {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema: JsonObject;
  readonly outputSchema?: JsonObject;
  readonly annotations?: JsonObject;
}

/** Reads an entry of `tools/list`; undefined where it is no tool. What nobody reviews, such as icons, is left out. */
export function readForeignTool(entry: unknown): ForeignTool | undefined {
  if (!isObject(entry)) return undefined;
  const { name, title, description, inputSchema, outputSchema, annotations } = entry;
  if (typeof name !== "string" || !isObject(inputSchema)) return undefined;
  return {
    name,
    ...(typeof title === "string" ? { title } : {}),
    ...(typeof description === "string" ? { description } : {}),
    inputSchema,
    ...(isObject(outputSchema) ? { outputSchema } : {}),
    ...(isObject(annotations) ? { annotations } : {}),
  };
}

/** The text that a lock is the SHA-256 of: the same for equal tools, whatever the order of their keys. */
export function lockedText(tool: ForeignTool): string {
  return canonical({ ...tool });
}

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
}

/** What came as JSON holds nothing else. */
function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An argument that goes into a header as well (MCP 2026-07-28, Streamable HTTP, `x-mcp-header`): where it stands in the arguments. */
export interface MirroredArgument {
  readonly header: string;
  readonly path: readonly string[];
}

/** The arguments that a tool's schema wants in `Mcp-Param-*` headers; those that are not declared as the protocol has it are none. */
export function mirroredArguments(
  schema: JsonObject,
  path: readonly string[] = [],
): readonly MirroredArgument[] {
  const { properties } = schema;
  if (!isObject(properties)) return [];
  return Object.entries(properties).flatMap(([key, inner]) => {
    if (!isObject(inner)) return [];
    const below = [...path, key];
    const name = inner["x-mcp-header"];
    const own =
      typeof name === "string" && /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)
        ? [{ header: `mcp-param-${name.toLowerCase()}`, path: below }]
        : [];
    return [...own, ...mirroredArguments(inner, below)];
  });
}
