import { resolve } from "node:path";
import { fileReason } from "../../compiler/disk-host.ts";
import { createAuthorServer } from "../author/author-server.ts";
import { pinnedConnections } from "../author/pins.ts";
import { Workspace } from "../author/workspace.ts";
import { CommandFailure } from "../failure.ts";
import type { McpFlags } from "../mcp/flags.ts";
import { serveStdio } from "../mcp/serve-stdio.ts";
import type { ExitCode, World } from "../world.ts";

/** `connector mcp --author`: tools with which an agent makes connectors in one folder. */
export async function authorCommand(
  descriptors: readonly string[],
  flags: McpFlags,
  world: World,
): Promise<ExitCode> {
  if (descriptors.length > 0)
    throw new CommandFailure("--author serves a folder and no connectors; leave the descriptors out");
  if (flags.report || flags.discover)
    throw new CommandFailure("--report and --discover are of connectors; leave --author out");
  const folder = typeof flags.author === "string" ? flags.author : ".";
  const { allowNetwork, allowWrites = false } = flags;
  const server = createAuthorServer(openFolder(folder, world), pinnedConnections(flags), {
    allowNetwork,
    writes: allowWrites,
    world,
  });
  if (flags.http === undefined) await serveStdio(server, world);
  else {
    const { serveHttp } = await import("../mcp/serve-http.ts");
    await serveHttp(server, flags, world);
  }
  return 0;
}

function openFolder(folder: string, world: World): Workspace {
  try {
    return new Workspace(resolve(world.cwd, folder));
  } catch (error) {
    throw new CommandFailure(`cannot serve the folder ${folder}: ${fileReason(error)}`);
  }
}
