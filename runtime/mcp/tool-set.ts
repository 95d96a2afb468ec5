import type { Connector } from "../../schema/ir.ts";
import { whole } from "../../schema/mcp/brevity.ts";
import { toolName } from "../../schema/mcp/names.ts";
import { type ToolDefinition, type ToolText, toolDefinitions } from "../../schema/mcp/tool.ts";
import { toolTextFault } from "../../schema/mcp/tool-text.ts";
import { checkIr } from "../check-ir.ts";
import type { Connection } from "../connection/connection.ts";
import { ConnectorError } from "../errors.ts";
import { fitsPattern } from "../gate/name-pattern.ts";
import type { Awaitable } from "../ports.ts";
import type { ToolCaller } from "./caller.ts";

/** A connector whose operations are served. */
export interface ServedConnector {
  /** The IR. */
  readonly ir: unknown;
  /** Whose account the calls are made with: one for all, or one for each caller, asked for at each call. */
  readonly connection: Connection | ((caller: ToolCaller) => Awaitable<Connection>);
  /** Goes before the names of its tools, with `_` between; what grows too long by it is shortened as derived names are. */
  readonly prefix?: string;
}

/** Which tools are served; without it all that change nothing. */
export interface ToolSelection {
  /** Names of tools; `*` stands for any characters. */
  readonly tools?: readonly string[];
  /** Operations that have one of these tags. */
  readonly tags?: readonly string[];
  /** Serves tools that change something as well. */
  readonly allowWrites?: boolean;
}

/** A tool of one of the connectors. */
export interface ServedTool {
  readonly text: ToolText;
  readonly definition: ToolDefinition;
  readonly connector: Connector;
  readonly connection: ServedConnector["connection"];
}

/** The tools that are served, by name and in their order, and how many the selection leaves out. */
export interface ToolSet {
  readonly tools: ReadonlyMap<string, ServedTool>;
  /** Selected, but not served since they change something. */
  readonly writesLeftOut: number;
}

/**
 * Collects the tools of connectors. Throws `configuration` where a connector offers none (`force` asks no further), where
 * two tools have one name, where the text of one is too long or has characters that nobody sees, and where nothing is left. With
 * `whole` none is brief, however many they are.
 */
export function collectTools(
  connectors: readonly ServedConnector[],
  selection: ToolSelection,
  { force = false, whole: says = false }: { readonly force?: boolean; readonly whole?: boolean } = {},
): ToolSet {
  const tools = new Map<string, ServedTool>();
  let writesLeftOut = 0;
  for (const served of connectors) {
    const { ir, connection, prefix } = served;
    checkIr(ir);
    if (!force && !ir.mcp?.enabled) throw notOffered(ir.slug);
    for (const definition of toolDefinitions(ir, says ? whole : undefined)) {
      const own = definition.text.name;
      const name = prefix === undefined ? own : toolName(`${prefix}_${own}`);
      if (!isSelected(name, definition, selection)) continue;
      if (definition.operation.side_effecting && !selection.allowWrites) {
        writesLeftOut += 1;
        continue;
      }
      checkName(name, tools.get(name), ir.slug);
      const text = { ...definition.text, name };
      checkText(text, ir.slug);
      tools.set(name, { text, definition, connector: ir, connection });
    }
  }
  if (tools.size === 0) throw nothingLeft(writesLeftOut);
  return { tools, writesLeftOut };
}

function isSelected(name: string, { operation }: ToolDefinition, { tools, tags }: ToolSelection): boolean {
  if (tools && !tools.some((pattern) => fitsPattern(name, pattern))) return false;
  return !tags || operation.tags.some((tag) => tags.includes(tag));
}

function checkName(name: string, other: ServedTool | undefined, slug: string): void {
  if (other)
    throw misconfigured(
      `Two tools have the name ${name}, of ${other.connector.slug} and ${slug}. Give their connectors different prefixes.`,
    );
}

function checkText(text: ToolText, slug: string): void {
  const found = toolTextFault(text);
  if (found)
    throw misconfigured(
      `The tool ${toolName(text.name)} of ${slug} is not served: its ${found.path} ${found.fault}. Mend it in the descriptor, or leave the tool out.`,
    );
}

function notOffered(slug: string): ConnectorError {
  return misconfigured(
    `${slug} offers no MCP tools. Set \`mcp_config.enabled: true\` in its descriptor, or serve it all the same with \`force\`.`,
  );
}

function nothingLeft(writes: number): ConnectorError {
  return misconfigured(
    writes > 0
      ? `All ${writes} selected tools change something, and such are served only where writes are allowed.`
      : "No tool is selected. Check the names and tags.",
  );
}

export function misconfigured(message: string): ConnectorError {
  return new ConnectorError({ code: "configuration", phase: "configuration", message });
}
