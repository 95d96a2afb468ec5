import { systemClock } from "../../runtime/clock.ts";
import { ConnectorError } from "../../runtime/errors.ts";
import type { HttpAuth, HttpServingOptions, ToolServer } from "../../runtime/mcp/index.ts";
import { createTransport } from "../../runtime/transport/undici-transport.ts";
import { failureOf } from "../connection/open.ts";
import { CommandFailure } from "../failure.ts";
import type { World } from "../world.ts";
import type { McpFlags } from "./flags.ts";

/** The variable with the token that HTTP clients must show. */
const tokenVariable = "CONNECTOR_MCP_TOKEN";

/** Serves over HTTP until the first interrupt. */
export async function serveHttp(server: ToolServer, flags: McpFlags, world: World): Promise<void> {
  const { serveToolsOverHttp } = await import("../../runtime/mcp/index.ts");
  const transport = createTransport({ clock: systemClock, network: { allow: flags.allowNetwork } });
  try {
    const auth = await authOf(flags, world, transport);
    const serving = await serveToolsOverHttp(server, {
      ...addressOf(flags.http),
      allowedHosts: flags.allowHost,
      allowedOrigins: flags.allowOrigin,
      ...(auth ? { auth } : {}),
      told: (fault) => void world.stderr.write(`warning: ${fault.message}\n`),
    });
    // Whoever reads the next line may stop the server at once.
    const stopped = interrupted(world);
    await world.stderr.write(`serving on ${serving.url}${auth ? "" : " to this machine, without a token"}\n`);
    await stopped;
    await serving.close();
  } catch (error) {
    throw ConnectorError.is(error) ? failureOf(error, world) : error;
  } finally {
    await transport.close(0);
  }
}

/** `--http`, `--http 3000`, `--http 0.0.0.0:3000`, `--http [::1]:3000`. */
export function addressOf(given: string | true | undefined): Pick<HttpServingOptions, "host" | "port"> {
  if (given === undefined || given === true) return {};
  const parts = /^(?:(\[[^\]]+\]|[^:]+):)?(\d{1,5})$/.exec(given);
  const port = Number(parts?.[2]);
  if (!parts || port > 65_535)
    throw new CommandFailure(
      `--http takes a port or an address with a port, such as 3000 or 127.0.0.1:3000, not ${given}`,
    );
  const host = parts[1]?.replace(/^\[|\]$/g, "");
  return { port, ...(host === undefined ? {} : { host }) };
}

async function authOf(
  flags: McpFlags,
  world: World,
  transport: ReturnType<typeof createTransport>,
): Promise<HttpAuth | undefined> {
  const { fixedToken, jwtAccessTokens } = await import("../../runtime/mcp/index.ts");
  const token = world.env[tokenVariable];
  if (flags.issuer === undefined && flags.resource === undefined)
    return token ? { verify: fixedToken(token, systemClock) } : undefined;
  if (flags.issuer === undefined || flags.resource === undefined)
    throw new CommandFailure(
      "--issuer and --resource belong together: who gives tokens, and the URL that they are for",
    );
  const issuer = urlOf("--issuer", flags.issuer);
  const resource = urlOf("--resource", flags.resource);
  return {
    verify: jwtAccessTokens({ issuer, audience: resource.href, transport }),
    oauth: { issuers: [issuer], resource, ...(flags.scope.length > 0 ? { scopes: flags.scope } : {}) },
  };
}

function urlOf(option: string, text: string): URL {
  if (URL.canParse(text)) return new URL(text);
  throw new CommandFailure(`${option} takes a URL, such as https://login.example.com, not ${text}`);
}

function interrupted(world: World): Promise<void> {
  const { interrupted: signal } = world;
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
