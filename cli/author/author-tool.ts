import type { FunctionTool } from "../../runtime/mcp/function-tools.ts";
import type { JsonObject } from "../../schema/ir.ts";
import { checkKnown } from "./arguments.ts";

/** What a tool does to the world, as its annotations say it. */
const effects: Readonly<Record<"reads" | "writes" | "calls", JsonObject>> = {
  reads: { readOnlyHint: true, openWorldHint: false },
  writes: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  calls: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
};

/** A tool of the authoring server. */
export interface AuthorTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly effect: keyof typeof effects;
  readonly properties: { readonly [argument: string]: JsonObject };
  readonly required: readonly string[];
  readonly run: FunctionTool["run"];
}

export function functionTool(tool: AuthorTool): FunctionTool {
  const { name, title, description, effect, properties, required, run } = tool;
  return {
    text: {
      name,
      title,
      description,
      inputSchema: { type: "object", properties, required: [...required], additionalProperties: false },
      annotations: effects[effect],
    },
    run: async (given, signal) => {
      checkKnown(given, Object.keys(properties));
      return run(given, signal);
    },
  };
}

/** The argument that names a descriptor. */
export const pathArgument: JsonObject = {
  type: "string",
  description: "Path of the descriptor in the folder, such as desk/connector.yaml.",
};
