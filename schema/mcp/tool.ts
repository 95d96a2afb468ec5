import type { Connector, JsonObject, McpTool, Operation } from "../ir.ts";
import {
  type AnswerKind,
  answerKind,
  mappedTools,
  type ToolArgument,
  type ToolControls,
  toolArguments,
  toolControls,
} from "./arguments.ts";
import { inputSchema } from "./input-schema.ts";
import { toolName } from "./names.ts";
import { outputSchema } from "./output-schema.ts";

/** A tool as `tools/list` gives it (MCP 2026-07-28, Tool). */
export interface ToolText {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
  readonly outputSchema?: JsonObject;
  readonly annotations: JsonObject;
}

/** A tool with what a server needs to run it. */
export interface ToolDefinition {
  readonly text: ToolText;
  readonly operation: Operation;
  readonly arguments: readonly ToolArgument[];
  readonly controls: ToolControls;
  /** Keys inside arguments that clients would refuse: alias → key. */
  readonly keys: { readonly [alias: string]: string };
  readonly answer: AnswerKind;
}

/** Characters of a description that is taken from an operation's own; a mapped one has its limit in the descriptor. */
const mostDescription = 500;

/**
 * The tools of a connector: those that its descriptor maps, in its order; without mappings every operation that is not
 * deprecated. Whether it offers them at all is `mcp.enabled`, which the caller asks.
 */
export function toolDefinitions(ir: Connector): readonly ToolDefinition[] {
  return mappedTools(ir, derivedTool).map(([tool, operation]) => definition(tool, operation, ir));
}

function derivedTool({ id, summary, description }: Operation): McpTool {
  return {
    operation: id,
    name: toolName(id),
    // Documents have empty descriptions.
    description: shortened(description?.trim() || summary),
    parameters: {},
  };
}

function definition(tool: McpTool, operation: Operation, ir: Connector): ToolDefinition {
  const given = toolArguments(tool, operation);
  const controls = toolControls(
    operation,
    given.map(({ name }) => name),
  );
  const { schema, keys } = inputSchema(given, controls, ir.schemas);
  const output = outputSchema(operation, ir.schemas);
  return {
    text: {
      name: tool.name,
      title: operation.summary,
      description: tool.description,
      inputSchema: schema,
      ...(output ? { outputSchema: output } : {}),
      annotations: annotations(operation),
    },
    operation,
    arguments: given,
    controls,
    keys,
    answer: answerKind(operation),
  };
}

function annotations({ side_effecting, destructive, idempotent }: Operation): JsonObject {
  return {
    readOnlyHint: !side_effecting,
    ...(side_effecting ? { destructiveHint: destructive, idempotentHint: idempotent } : {}),
    openWorldHint: true,
  };
}

/** Up to the end of a sentence, or of a word, within the limit. */
function shortened(text: string): string {
  if (text.length <= mostDescription) return text;
  const start = text.slice(0, mostDescription - 1);
  const sentence = Math.max(start.lastIndexOf(". "), start.lastIndexOf(".\n"));
  if (sentence > mostDescription / 2) return start.slice(0, sentence + 1);
  const word = start.lastIndexOf(" ");
  return `${word > 0 ? start.slice(0, word) : start}…`;
}
