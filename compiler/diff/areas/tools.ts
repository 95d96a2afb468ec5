/** MCP tools: what agents see and keep. */
import type { McpServer, McpTool } from "../../../schema/ir.ts";
import { own } from "../canonical.ts";
import { type DiffRules, type Report, Spot } from "../change.ts";
import { type Area, type Comparison, orSaySo } from "../comparison.ts";
import { isReordered, matchLists } from "../fields.ts";

export const toolRules: DiffRules = {
  "diff/tools-disabled": { level: "major", summary: "The tools are no longer offered." },
  "diff/tools-enabled": { level: "minor", summary: "The tools are offered now." },
  "diff/tool-removed": { level: "major", summary: "A tool is gone." },
  "diff/tool-added": { level: "minor", summary: "A tool is new." },
  "diff/tool-renamed": {
    level: "major",
    summary: "A tool has another name: agents and their rules know the old one.",
  },
  "diff/tool-operation-changed": { level: "major", summary: "A tool calls another operation." },
  "diff/tool-parameter-renamed": { level: "major", summary: "A parameter has another name in a tool." },
  "diff/tool-description-changed": {
    level: "patch",
    summary:
      "A tool is described otherwise; agents that keep tool lists read the old words until they list again.",
  },
  "diff/tool-server-renamed": {
    level: "minor",
    summary: "The MCP server has another name; clients may show tools under it.",
  },
  "diff/tool-server-description-changed": {
    level: "patch",
    summary: "The MCP server is described otherwise.",
  },
  "diff/tool-order-changed": { level: "patch", summary: "The tools are listed in another order." },
};

const nothing: McpServer = { enabled: false, server_name: "", server_description: "", tools: [] };

export const compareTools: Area = (comparison) => {
  const [old, now] = [comparison.old.mcp ?? nothing, comparison.new.mcp ?? nothing];
  const root = new Spot(["mcp_config"], ["mcp_config"]);
  const report = comparison.reporter({ kind: "connector", id: comparison.new.slug });
  if (old.enabled !== now.enabled)
    report(
      now.enabled ? "diff/tools-enabled" : "diff/tools-disabled",
      root.at("enabled"),
      now.enabled ? "The MCP tools are offered now." : "The MCP tools are no longer offered.",
    );
  if (comparison.old.mcp && comparison.new.mcp) {
    if (old.server_name !== now.server_name)
      report(
        "diff/tool-server-renamed",
        root.at("server_name"),
        `The MCP server \`${old.server_name}\` is called \`${now.server_name}\` now.`,
      );
    if (old.server_description !== now.server_description)
      report(
        "diff/tool-server-description-changed",
        root.at("server_description"),
        "The description of the MCP server changed.",
      );
  }
  compareEach(old.tools, now.tools, root.at("route_mappings"), comparison);
};

function compareEach(
  old: readonly McpTool[],
  now: readonly McpTool[],
  root: Spot,
  comparison: Comparison,
): void {
  const say = (tool: McpTool): ReturnType<Comparison["reporter"]> =>
    comparison.reporter({ kind: "tool", id: tool.name });
  const matched = matchLists(
    old,
    now,
    ({ name }) => name,
    ({ operation }) => operation,
  );
  for (const { item, from } of matched.removed)
    say(item)("diff/tool-removed", new Spot([...root.old, from], root.new), "The tool is gone.");
  for (const { item, to } of matched.added)
    say(item)("diff/tool-added", new Spot(root.old, [...root.new, to]), "The tool is new.");
  for (const pair of matched.both) {
    const spot = root.at(pair.from, pair.to);
    const report = say(pair.new);
    orSaySo(comparison, report, spot, pair, () => compareTool(pair.old, pair.new, spot, report));
  }
  if (isReordered(matched))
    comparison.reporter({ kind: "connector", id: comparison.new.slug })(
      "diff/tool-order-changed",
      root,
      "The tools are listed in another order.",
      "key",
    );
}

function compareTool(old: McpTool, now: McpTool, spot: Spot, report: Report): void {
  if (old.name !== now.name)
    report(
      "diff/tool-renamed",
      spot.at("mcp_tool_name"),
      `The tool \`${old.name}\` is called \`${now.name}\` now.`,
    );
  if (old.operation !== now.operation)
    report(
      "diff/tool-operation-changed",
      spot.at("operation_id"),
      `The tool calls \`${now.operation}\` instead of \`${old.operation}\`.`,
    );
  if (old.description !== now.description)
    report("diff/tool-description-changed", spot.at("mcp_tool_description"), "The description changed.");
  const maps = spot.at("parameter_mappings");
  for (const name of new Set([...Object.keys(old.parameters), ...Object.keys(now.parameters)])) {
    const [was, is] = [own(old.parameters, name) ?? name, own(now.parameters, name) ?? name];
    if (was !== is)
      report(
        "diff/tool-parameter-renamed",
        maps.at(name),
        `The parameter \`${was}\` is called \`${is}\` now.`,
      );
  }
}
