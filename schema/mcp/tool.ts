import type { Connector, JsonObject, McpTool, Operation } from "../ir.ts";
import {
  type AnswerKind,
  answerKind,
  mappedTools,
  type ToolArgument,
  type ToolControls,
  toolArguments,
  toolControls,
  toolCount,
} from "./arguments.ts";
import { type Brevity, brevityOf } from "./brevity.ts";
import { inputSchema } from "./input-schema.ts";
import { toolName } from "./names.ts";
import { outputSchema } from "./output-schema.ts";
import { plainText, toolDescription } from "./plain-text.ts";

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

/**
 * The tools of a connector: those that its descriptor maps, in its order; without mappings every operation that is not
 * deprecated. Whether it offers them at all is `mcp.enabled`, which the caller asks. They are brief where they are many, unless
 * `brevity` says otherwise.
 */
export function toolDefinitions(
  ir: Connector,
  brevity: Brevity = brevityOf(toolCount(ir)),
): readonly ToolDefinition[] {
  const derive = ({ id, summary, description }: Operation): McpTool => ({
    operation: id,
    name: toolName(id),
    description: toolDescription(summary, description, brevity.description),
    parameters: {},
  });
  return mappedTools(ir, derive).map(([tool, operation]) => definition(tool, operation, ir, brevity));
}

function definition(tool: McpTool, operation: Operation, ir: Connector, brevity: Brevity): ToolDefinition {
  const given = toolArguments(tool, operation);
  const controls = toolControls(
    operation,
    given.map(({ name }) => name),
  );
  const { schema, keys } = inputSchema(given, controls, ir.schemas, brevity);
  const output = outputSchema(operation, ir.schemas, brevity);
  return {
    text: {
      name: tool.name,
      title: plainText(operation.summary),
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

/** That a tool reaches the world is what clients hold of one that says nothing (MCP, ToolAnnotations). */
function annotations({ side_effecting, destructive, idempotent }: Operation): JsonObject {
  return {
    readOnlyHint: !side_effecting,
    ...(side_effecting ? { destructiveHint: destructive, idempotentHint: idempotent } : {}),
  };
}
