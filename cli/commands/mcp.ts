import type { ToolServer } from "../../runtime/mcp/index.ts";
import type { Connector } from "../../schema/ir.ts";
import { CommandFailure } from "../failure.ts";
import { withGate } from "../gate/open-gate.ts";
import { withConnections } from "../mcp/connections.ts";
import type { McpFlags } from "../mcp/flags.ts";
import { loadServed } from "../mcp/load.ts";
import { checkLock } from "../mcp/lock.ts";
import { checkOffered, makeToolServer } from "../mcp/server-options.ts";
import { counted } from "../report/summary.ts";
import type { ExitCode, World } from "../world.ts";

/** `connector mcp`: the operations of connectors as tools of an MCP server, or a report of what they would take. */
export async function mcpCommand(
  descriptors: readonly string[],
  flags: McpFlags,
  world: World,
): Promise<ExitCode> {
  if (descriptors.length === 0)
    throw new CommandFailure("name a descriptor to serve, or a folder to make connectors in with --author");
  if (flags.pin.length > 0) throw new CommandFailure("--pin is for --author; add it");
  if (flags.budget !== undefined && !flags.report)
    throw new CommandFailure("--budget is for --report; add it");
  const connectors: Connector[] = [];
  for (const path of descriptors) connectors.push(await loadServed(path, world));
  checkOffered(connectors, flags);
  if (flags.updateLock && flags.lock === undefined)
    throw new CommandFailure("--update-lock is for --lock; name the file with it");
  if (flags.report || flags.updateLock) return withoutCalls(connectors, flags, world);
  await withGate(flags, world, (gate) =>
    withConnections(connectors, flags, world, async (connected) => {
      const server = await makeToolServer(prefixed(connected), flags, world, gate);
      await checkLock(server, flags, world);
      await serve(server, flags, world);
    }),
  );
  return 0;
}

async function serve(server: ToolServer, flags: McpFlags, world: World): Promise<void> {
  if (server.writesLeftOut > 0 && !flags.readOnly)
    await world.stderr.write(
      `${counted(server.writesLeftOut, "tool")} left out, since ${server.writesLeftOut === 1 ? "it changes" : "they change"} something; --allow-writes serves ${server.writesLeftOut === 1 ? "it" : "them"}\n`,
    );
  if (flags.http === undefined) {
    const { serveStdio } = await import("../mcp/serve-stdio.ts");
    return serveStdio(server, world);
  }
  const { serveHttp } = await import("../mcp/serve-http.ts");
  return serveHttp(server, flags, world);
}

/** A report or a new lock: nobody is connected for them. */
async function withoutCalls(
  connectors: readonly Connector[],
  flags: McpFlags,
  world: World,
): Promise<ExitCode> {
  const connection = (): never => {
    throw new CommandFailure("nothing is called here");
  };
  const server = await makeToolServer(prefixed(connectors.map((ir) => ({ ir, connection }))), flags, world);
  await checkLock(server, flags, world);
  return flags.report ? report(server, flags, world) : 0;
}

async function report(server: ToolServer, flags: McpFlags, world: World): Promise<ExitCode> {
  const { reportTools } = await import("../../runtime/mcp/index.ts");
  const { writeReport } = await import("../mcp/report.ts");
  const sizes = reportTools(server.tools, server.instructions);
  await writeReport(sizes, server, flags.discover ?? false, world.stdout);
  if (flags.budget === undefined || sizes.tokens <= flags.budget) return 0;
  throw new CommandFailure(
    `the tools take ${sizes.tokens} tokens of ${flags.budget}; choose with --tools or --tags, or take --discover`,
    1,
  );
}

/** Several connectors have their slugs before the names of their tools. */
function prefixed<T extends { readonly ir: Connector }>(
  connected: readonly T[],
): readonly (T & { prefix?: string })[] {
  return connected.length > 1 ? connected.map((one) => ({ ...one, prefix: one.ir.slug })) : connected;
}
