import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkIr } from "../../runtime/check-ir.ts";
import type { Connector } from "../../schema/ir.ts";
import { withConnections } from "../mcp/connections.ts";
import type { McpFlags } from "../mcp/flags.ts";
import { serveStdio } from "../mcp/serve-stdio.ts";
import { makeToolServer } from "../mcp/server-options.ts";
import { tell } from "../tell.ts";
import type { ExitCode, World } from "../world.ts";

/** Serves the connector of a bundle over standard input and output; all that it needs comes from variables. */
export async function serveBundle(folder: string, outer: World): Promise<ExitCode> {
  const world = withVariables(outer);
  try {
    const flags = flagsOf(world.env);
    await withConnections([connectorOf(folder)], flags, world, async (connected) =>
      serveStdio(await makeToolServer(connected, flags, world), world),
    );
    return 0;
  } catch (error) {
    return tell(error, world);
  }
}

function connectorOf(folder: string): Connector {
  const ir: unknown = JSON.parse(readFileSync(join(folder, "connector.json"), "utf8"));
  checkIr(ir);
  return ir;
}

function flagsOf(env: World["env"]): McpFlags {
  return {
    connection: [],
    allowNetwork: (env.CONNECTOR_MCP_ALLOW_NETWORK ?? "").split(",").flatMap((one) => one.trim() || []),
    allowWrites: env.CONNECTOR_MCP_ALLOW_WRITES === "true",
    tools: [],
    tags: [],
    pin: [],
    scope: [],
    allowHost: [],
    allowOrigin: [],
  };
}

/** A host leaves what its user has not filled in as it stands in the manifest: such a variable is not set. */
function withVariables(world: World): World {
  const set = Object.entries(world.env).filter(
    ([, value]) => value === undefined || !/^\$\{user_config\.[^}]*\}$/.test(value),
  );
  // The streams of the world are made when they are first asked for.
  return Object.create(world, { env: { value: Object.fromEntries(set) } });
}
