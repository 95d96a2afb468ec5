import type { Json, JsonObject } from "../ir.ts";
import type { ToolText } from "./tool.ts";

/** A tool as `tools/list` gives it; without a title it is shown by its name. */
export type ListedTool = Omit<ToolText, "title"> & { readonly title?: string };

/** Tools as a list shows them that is to be short, and what the list leaves to be told once. */
export interface ShortListing {
  readonly tools: readonly ListedTool[];
  /** What an argument without a description means, by its name. */
  readonly shared: ReadonlyMap<string, string>;
}

/** As many tools that say the same of an argument say it once. */
const fewestSharing = 10;
/** What a tool is held for that says nothing of it (MCP, ToolAnnotations). */
const held: JsonObject = { readOnlyHint: false, destructiveHint: true, idempotentHint: false };

/**
 * The same tools without what is said elsewhere: a title that the description begins with, hints that hold anyway, and what
 * many tools say of one argument. Nothing is lost where `shared` is told.
 */
export function shortListing(tools: readonly ToolText[]): ShortListing {
  const shared = sharedTexts(tools);
  return { tools: tools.map((tool) => short(tool, shared)), shared };
}

function short(
  { title, annotations, inputSchema, ...tool }: ToolText,
  shared: ShortListing["shared"],
): ListedTool {
  const repeats = tool.description.startsWith(title.replace(/\.$/, ""));
  const properties = Object.entries(propertiesOf(inputSchema)).map(([name, schema]): [string, Json] => {
    const said = descriptionOf(schema);
    if (said === undefined || shared.get(name) !== said || !isMap(schema)) return [name, schema];
    const { description: _, ...rest } = schema;
    return [name, rest];
  });
  return {
    ...tool,
    ...(repeats ? {} : { title }),
    inputSchema: { ...inputSchema, properties: Object.fromEntries(properties) },
    annotations: Object.fromEntries(
      Object.entries(annotations).filter(([hint, value]) => held[hint] !== value),
    ),
  };
}

/** The text that most tools say of an argument, where none leaves it unsaid: what stands alone is never explained by another's words. */
function sharedTexts(tools: readonly ToolText[]): ShortListing["shared"] {
  const counts = new Map<string, Map<string | undefined, number>>();
  for (const { inputSchema } of tools)
    for (const [name, schema] of Object.entries(propertiesOf(inputSchema))) {
      const texts = counts.get(name) ?? new Map<string | undefined, number>();
      counts.set(name, texts);
      const said = descriptionOf(schema);
      texts.set(said, (texts.get(said) ?? 0) + 1);
    }
  const shared = new Map<string, string>();
  for (const [name, texts] of counts) {
    const [text, count] = [...texts].reduce((most, one) => (one[1] > most[1] ? one : most));
    if (text !== undefined && count >= fewestSharing && !texts.has(undefined)) shared.set(name, text);
  }
  return shared;
}

function propertiesOf({ properties }: JsonObject): JsonObject {
  return isMap(properties) ? properties : {};
}

function descriptionOf(schema: Json): string | undefined {
  return isMap(schema) && typeof schema.description === "string" ? schema.description : undefined;
}

function isMap(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
