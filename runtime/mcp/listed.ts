import { toolCount } from "../../schema/mcp/arguments.ts";
import { isBrief } from "../../schema/mcp/brevity.ts";
import { type ListedTool, shortListing } from "../../schema/mcp/listing.ts";
import type { ServedTool } from "./tool-set.ts";

/** What `tools/list` gives, and what a client is told beside it. */
export interface Listed {
  readonly tools: readonly ListedTool[];
  readonly instructions: string | undefined;
}

/**
 * The list of tools. Those of a connector that is brief leave to the instructions what many of them say of one argument;
 * `given` are the host's own instructions.
 */
export function listTools(served: Iterable<ServedTool>, given: string | undefined): Listed {
  const groups = new Map<ServedTool["connector"], ServedTool[]>();
  for (const tool of served) {
    const group = groups.get(tool.connector);
    if (group) group.push(tool);
    else groups.set(tool.connector, [tool]);
  }
  const tools: ListedTool[] = [];
  const told = given === undefined ? [] : [given];
  for (const [connector, group] of groups) {
    const texts = group.map(({ text }) => text);
    if (!isBrief(toolCount(connector))) {
      tools.push(...texts);
      continue;
    }
    const short = shortListing(texts);
    tools.push(...short.tools);
    if (short.shared.size > 0)
      told.push(
        [
          `Arguments without a description, in tools of ${connector.metadata.name}:`,
          ...[...short.shared].map(([name, text]) => `- ${name}: ${text}`),
        ].join("\n"),
      );
  }
  return { tools, instructions: told.length === 0 ? undefined : told.join("\n\n") };
}
