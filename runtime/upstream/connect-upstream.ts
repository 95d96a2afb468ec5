/** The MCP server behind a connection. */
import type { Connector } from "../../schema/ir.ts";
import type { ConnectOptions } from "../connection/connect-options.ts";
import { canonical } from "../connection/connection-key.ts";
import type { Core } from "../core.ts";
import { ConnectorError } from "../errors.ts";
import type { Transport } from "../ports.ts";
import type { ServerCommand } from "../transport/stdio-server.ts";
import type { Upstream } from "./upstream.ts";
import { UpstreamServer } from "./upstream-server.ts";

/**
 * The upstream of a connection and the transport that reaches it; undefined where its operations are no tools.
 * `account`: the key of the connection. Connections of one account to one server share its sessions and its process.
 */
export function connectUpstream(
  core: Core,
  ir: Connector,
  { mcpServers = {}, config = {} }: ConnectOptions,
  account: string,
): { readonly upstream: Upstream; readonly transport: Transport } | undefined {
  const { upstream } = ir;
  if (!upstream) return undefined;
  const named: Record<string, ServerCommand> = {};
  if (upstream.kind === "stdio") {
    const command = Object.hasOwn(mcpServers, upstream.server) ? mcpServers[upstream.server] : undefined;
    if (!command)
      throw new ConnectorError({
        code: "configuration",
        phase: "configuration",
        message: `The connector calls the MCP server ${JSON.stringify(upstream.server)}, and nothing says how it is started. Give \`mcpServers: { ${upstream.server}: { command } }\`.`,
        details: { server: upstream.server },
      });
    // Only the one that is named: what the host keeps for others is none of this connector's business.
    named[upstream.server] = command;
  }
  const like = ir.operations[0]?.exchange.url;
  const key = core.keyring.digest(["upstream", account, canonical([upstream, like, config, named])]);
  return core.upstreams.of(key, (used) => new UpstreamServer(core, named, used));
}
