import { ConnectorError } from "../../runtime/errors.ts";
import type { Gate, ServedConnector, ToolServer, ToolServerOptions } from "../../runtime/mcp/index.ts";
import type { Connector } from "../../schema/ir.ts";
import { failureOf } from "../connection/open.ts";
import { CommandFailure } from "../failure.ts";
import type { World } from "../world.ts";
import type { McpFlags } from "./flags.ts";

/** Refuses connectors that offer no tools, before anything is connected. */
export function checkOffered(connectors: readonly Connector[], flags: McpFlags): void {
  for (const { slug, mcp } of connectors)
    if (!flags.force && !mcp?.enabled)
      throw new CommandFailure(
        `${slug} offers no MCP tools; set \`mcp_config.enabled: true\` in its descriptor, or serve it all the same with --force`,
      );
}

/** Makes the tool server that the flags describe; several connectors have their slugs before the names of their tools. */
export async function makeToolServer(
  connectors: readonly ServedConnector[],
  flags: McpFlags,
  world: World,
  gate?: Gate,
): Promise<ToolServer> {
  if (flags.readOnly && flags.allowWrites)
    throw new CommandFailure("--read-only and --allow-writes contradict each other; keep one");
  const { createToolServer } = await import("../../runtime/mcp/index.ts");
  try {
    return createToolServer({ ...optionsOf(connectors, flags), ...(gate ? { gate } : {}) });
  } catch (error) {
    throw ConnectorError.is(error) ? failureOf(error, world) : error;
  }
}

function optionsOf(connectors: readonly ServedConnector[], flags: McpFlags): ToolServerOptions {
  const { tools, tags, allowWrites = false, discover, force, maxBytes, concurrency } = flags;
  return {
    connectors,
    select: {
      allowWrites,
      ...(tools.length > 0 ? { tools: split(tools) } : {}),
      ...(tags.length > 0 ? { tags: split(tags) } : {}),
    },
    ...(force ? { force } : {}),
    ...(discover ? { discover } : {}),
    ...(maxBytes === undefined ? {} : { maxAnswerBytes: maxBytes }),
    ...(concurrency === undefined ? {} : { concurrency }),
  };
}

function split(lists: readonly string[]): readonly string[] {
  return lists.flatMap((list) => list.split(",")).filter((one) => one !== "");
}
