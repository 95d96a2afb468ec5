/** Asks an MCP server for its tools, over the runtime: the document that the format `mcp` reads. */
import { compile } from "../../compiler/index.ts";
import { ConnectorError, createRuntime } from "../../runtime/index.ts";
import { readMcpServers } from "../connection/mcp-servers.ts";
import { failureOf } from "../connection/open.ts";
import { CommandFailure } from "../failure.ts";
import type { World } from "../world.ts";

export interface LiveFlags {
  readonly allowNetwork: readonly string[];
  readonly mcpServers?: string;
  readonly tokenEnv?: string;
}

/** The list of tools as JSON. */
export async function listLiveTools(
  source: string,
  kind: "url" | "name",
  flags: LiveFlags,
  world: World,
): Promise<string> {
  const token = tokenOf(flags, world);
  if (kind === "name" && token !== undefined)
    throw new CommandFailure(
      "--token-env is for a server with a URL; give another one its secrets in its env",
    );
  const mcpServers = flags.mcpServers === undefined ? {} : readMcpServers(flags.mcpServers, world);
  if (kind === "name" && !Object.hasOwn(mcpServers, source))
    throw new CommandFailure(`${flags.mcpServers} starts no server called ${source}`);
  const { ir } = await compile(
    JSON.stringify(probe(kind === "name" ? source : undefined, token !== undefined)),
  );
  if (!ir)
    throw new CommandFailure(`${source} cannot be the name of a server; take letters, digits, _ and -`);
  const runtime = createRuntime({ network: { allow: flags.allowNetwork } });
  try {
    const connection = runtime.connect(ir, {
      mcpServers,
      config: kind === "url" ? { base_url: source } : {},
      ...(token === undefined ? {} : { credentials: { token } }),
    });
    const tools = await connection.upstreamTools();
    const server =
      kind === "url" ? { type: "streamable_http", url: source } : { type: "stdio", server: source };
    return JSON.stringify({ mcp_server: server, ...(token === undefined ? {} : { auth: "bearer" }), tools });
  } catch (error) {
    throw ConnectorError.is(error) ? failureOf(error, world) : error;
  } finally {
    await runtime.close();
  }
}

function tokenOf({ tokenEnv }: LiveFlags, world: World): string | undefined {
  if (tokenEnv === undefined) return undefined;
  const token = Object.hasOwn(world.env, tokenEnv) ? world.env[tokenEnv] : undefined;
  if (token === undefined || token === "")
    throw new CommandFailure(`--token-env names the variable ${tokenEnv}, which is not set`);
  return token;
}

/** A connector of one tool that is never called: only what reaches its server counts. */
function probe(server: string | undefined, bearer: boolean): object {
  const auth = bearer ? "bearer" : "none";
  return {
    metadata: {
      name: "Import",
      slug: "import",
      description: "A server to list tools of.",
      publisher: "connectorc",
    },
    ...(server === undefined
      ? {
          base_url: "{base_url}",
          connection_config: [{ key: "base_url", label: "Address" }],
          mcp_upstream: { type: "streamable_http" },
        }
      : { mcp_upstream: { type: "stdio", server } }),
    authentication: [{ type: auth }],
    operations: [
      {
        operation_id: "list",
        summary: "Any tool",
        auth_type_ref: auth,
        tool: { name: "any", hash: `sha256:${"0".repeat(64)}` },
      },
    ],
  };
}
