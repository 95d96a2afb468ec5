import { resolve } from "node:path";
import { readBytes } from "../../compiler/disk-host.ts";
import { readData } from "../../compiler/read/data.ts";
import type { Connection } from "../../runtime/index.ts";
import type { Connector } from "../../schema/ir.ts";
import type { ConnectionFlags } from "../connection/connect-options.ts";
import { withConnection } from "../connection/open.ts";
import { CommandFailure } from "../failure.ts";
import type { World } from "../world.ts";
import type { McpFlags } from "./flags.ts";

/** A connector with the account that its tools act for. */
export interface Connected {
  readonly ir: Connector;
  readonly connection: Connection;
}

/** Connects all, runs `use`, and closes them again. A connection file goes to the connector that it names. */
export async function withConnections(
  connectors: readonly Connector[],
  flags: McpFlags,
  world: World,
  use: (connected: readonly Connected[]) => Promise<void>,
): Promise<void> {
  const files = filesBySlug(connectors, flags.connection, world);
  if (flags.profile !== undefined && connectors.length > 1)
    throw new CommandFailure(
      "--profile is for one connector; with several, name the profile in each connection file",
    );
  const connect = async (left: readonly Connector[], done: readonly Connected[]): Promise<void> => {
    const [ir, ...rest] = left;
    if (!ir) return use(done);
    const { profile, keyFile, state, allowNetwork, mcpServers } = flags;
    const connection = files.get(ir.slug);
    const own: ConnectionFlags = {
      allowNetwork,
      ...(connection === undefined ? {} : { connection }),
      ...(profile === undefined ? {} : { profile }),
      ...(keyFile === undefined ? {} : { keyFile }),
      ...(state === undefined ? {} : { state }),
      ...(mcpServers === undefined ? {} : { mcpServers }),
    };
    return withConnection(ir, own, world, (opened) => connect(rest, [...done, { ir, connection: opened }]));
  };
  return connect(connectors, []);
}

function filesBySlug(
  connectors: readonly Connector[],
  paths: readonly string[],
  world: World,
): ReadonlyMap<string, string> {
  const [only, other] = connectors;
  const [path, another] = paths;
  // What is wrong with the one file of the one connector is told where it is read.
  if (only && !other && path !== undefined && another === undefined) return new Map([[only.slug, path]]);
  const files = new Map<string, string>();
  for (const file of paths) {
    const slug = slugOf(file, world);
    if (slug === undefined || !connectors.some((ir) => ir.slug === slug))
      throw new CommandFailure(
        `${file} is for none of the connectors served; its \`connector\` is one of ${connectors.map((ir) => ir.slug).join(", ")}`,
      );
    if (files.has(slug))
      throw new CommandFailure(`${file} and ${files.get(slug)} are both for ${slug}; keep one`);
    files.set(slug, file);
  }
  return files;
}

/** The `connector` of a connection file; undefined where it cannot be read. */
function slugOf(file: string, world: World): string | undefined {
  try {
    const read = readData(readBytes(resolve(world.cwd, file)));
    const data: unknown = "data" in read ? read.data : undefined;
    const slug =
      typeof data === "object" && data !== null && "connector" in data ? data.connector : undefined;
    return typeof slug === "string" ? slug : undefined;
  } catch {
    // Said by the caller.
    return undefined;
  }
}
