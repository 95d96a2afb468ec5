import type { Connector } from "../../../schema/ir.ts";
import type { ToolControls } from "../../../schema/mcp/arguments.ts";
import { type ToolDefinition, type ToolText, toolDefinitions } from "../../../schema/mcp/tool.ts";

/** A tool as `tools/list` gives it (MCP 2026-07-28, Tool), with what a server needs to run it in `_meta`. */
export interface ToolManifest extends ToolText {
  readonly _meta: {
    readonly "connectorc/operation": string;
    /** Argument → parameter, where they differ. */
    readonly "connectorc/arguments": { readonly [argument: string]: string };
    /** Key inside an argument → key that the API knows, where there are such. */
    readonly "connectorc/keys"?: { readonly [alias: string]: string };
    /** Arguments that the server answers by itself: `cursor`, `fields`, `maxItems`. */
    readonly "connectorc/controls"?: ToolControls;
  };
}

/** The tools of a connector, as its server lists them. None where it offers no MCP. */
export function mcpTools(ir: Connector): readonly ToolManifest[] {
  return ir.mcp?.enabled ? toolDefinitions(ir).map(manifest) : [];
}

function manifest({ text, operation, arguments: given, keys, controls }: ToolDefinition): ToolManifest {
  const renamed = given.flatMap(({ name, parameter }) =>
    parameter.name === name ? [] : [[name, parameter.name]],
  );
  return {
    ...text,
    _meta: {
      "connectorc/operation": operation.id,
      "connectorc/arguments": Object.fromEntries(renamed),
      ...(Object.keys(keys).length > 0 ? { "connectorc/keys": keys } : {}),
      ...(Object.keys(controls).length > 0 ? { "connectorc/controls": controls } : {}),
    },
  };
}
