import type { Connector, Json, JsonObject, McpTool, Operation } from "../../../schema/ir.ts";
import { createSchemaBundle } from "../json-schema/bundle.ts";
import { parameterSchema } from "../json-schema/parameter-schema.ts";
import { argumentName, toolName } from "./names.ts";

/** A tool as `tools/list` gives it (MCP 2026-07-28, Tool), with what a server needs to run it in `_meta`. */
export interface ToolManifest {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
  readonly annotations: JsonObject;
  readonly _meta: {
    readonly "connectorc/operation": string;
    /** Argument → parameter, where they differ. */
    readonly "connectorc/arguments": { readonly [argument: string]: string };
  };
}

/**
 * The tools of a connector: those that its descriptor maps, in its order; without mappings every operation that is not
 * deprecated. None where it offers no MCP.
 */
export function mcpTools(ir: Connector): readonly ToolManifest[] {
  if (!ir.mcp?.enabled) return [];
  const mapped = ir.mcp.tools.length > 0 ? ir.mcp.tools : everyOperation(ir);
  return mapped.flatMap((tool) => {
    const operation = ir.operations.find(({ id }) => id === tool.operation);
    return operation ? [manifest(tool, operation, ir)] : [];
  });
}

function everyOperation({ operations }: Connector): readonly McpTool[] {
  return operations
    .filter(({ deprecated }) => !deprecated)
    .map(({ id, summary, description }) => ({
      operation: id,
      name: toolName(id),
      description: description ?? summary,
      parameters: {},
    }));
}

function manifest(tool: McpTool, operation: Operation, ir: Connector): ToolManifest {
  const bundle = createSchemaBundle(ir.schemas, "#/$defs/");
  const named = operation.parameters.map((parameter) => ({
    parameter,
    name: Object.hasOwn(tool.parameters, parameter.name)
      ? (tool.parameters[parameter.name] ?? parameter.name)
      : argumentName(parameter.name),
  }));
  const properties = named.map(({ parameter, name }): [string, Json] => [
    name,
    parameterSchema(parameter, bundle, name),
  ]);
  const required = named.filter(({ parameter }) => parameter.required && parameter.default === undefined);
  const shared = bundle.shared();
  return {
    name: tool.name,
    title: operation.summary,
    description: tool.description,
    inputSchema: {
      type: "object",
      properties: Object.fromEntries(properties),
      ...(required.length > 0 ? { required: required.map(({ name }) => name) } : {}),
      additionalProperties: false,
      ...(Object.keys(shared).length > 0 ? { $defs: shared } : {}),
    },
    annotations: {
      readOnlyHint: !operation.side_effecting,
      ...(operation.side_effecting
        ? { destructiveHint: operation.destructive, idempotentHint: operation.idempotent }
        : {}),
      openWorldHint: true,
    },
    _meta: {
      "connectorc/operation": operation.id,
      "connectorc/arguments": Object.fromEntries(
        named.flatMap(({ parameter, name }) => (parameter.name === name ? [] : [[name, parameter.name]])),
      ),
    },
  };
}
