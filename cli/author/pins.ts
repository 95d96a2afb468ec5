/** `--connection FILE` and `--pin NAME=ORIGIN`: the accounts that an authoring server may use, and where each may go. */
import { basename } from "node:path";
import { CommandFailure } from "../failure.ts";
import type { McpFlags } from "../mcp/flags.ts";

/** A connection file with the origins that it may be used for. */
export interface PinnedConnection {
  readonly file: string;
  readonly origins: ReadonlySet<string>;
}

/** By name: `desk` of `desk.connection.yaml`. */
export function pinnedConnections({
  connection,
  pin,
}: Pick<McpFlags, "connection" | "pin">): ReadonlyMap<string, PinnedConnection> {
  const origins = new Map<string, Set<string>>();
  for (const one of pin) {
    const at = one.indexOf("=");
    const [name, origin] = [one.slice(0, at), originOf(one.slice(at + 1))];
    if (at < 1 || origin === undefined)
      throw new CommandFailure(`--pin takes NAME=ORIGIN, such as desk=https://api.example.com, not ${one}`);
    origins.set(name, (origins.get(name) ?? new Set()).add(origin));
  }
  const pinned = new Map<string, PinnedConnection>();
  for (const file of connection) {
    const name = basename(file).replace(/(?:\.connection)?\.[^.]+$/, "");
    const own = origins.get(name);
    if (!own) throw new CommandFailure(`${file} is pinned to no origin; add --pin ${name}=https://…`);
    if (pinned.has(name)) throw new CommandFailure(`two connection files are called ${name}; rename one`);
    pinned.set(name, { file, origins: own });
  }
  for (const name of origins.keys())
    if (!pinned.has(name)) throw new CommandFailure(`--pin ${name}=… is of no --connection file`);
  return pinned;
}

function originOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isOrigin = url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "";
  return isOrigin && /^https?:$/.test(url.protocol) ? url.origin : undefined;
}
