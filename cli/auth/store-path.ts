import { isAbsolute, join, resolve } from "node:path";
import { CommandFailure } from "../failure.ts";
import type { World } from "../world.ts";

/** Where logins are kept: `CONNECTOR_STORE`, else by the XDG Base Directory Specification. */
export function storePath(world: World): string {
  const path = knownStorePath(world);
  if (path !== undefined) return path;
  throw new CommandFailure(
    "nothing says where logins are kept; set CONNECTOR_STORE to the path of a file, or HOME",
  );
}

/** The same; undefined where nothing says where, and so nothing is kept. */
export function knownStorePath({ env, cwd }: World): string | undefined {
  if (env.CONNECTOR_STORE) return resolve(cwd, env.CONNECTOR_STORE);
  const folder = stateFolder(env);
  return folder === undefined ? undefined : join(folder, "connectorc", "secrets.json");
}

function stateFolder(env: World["env"]): string | undefined {
  // The specification has relative paths ignored.
  if (env.XDG_STATE_HOME && isAbsolute(env.XDG_STATE_HOME)) return env.XDG_STATE_HOME;
  if (process.platform === "win32") return env.LOCALAPPDATA;
  return env.HOME ? join(env.HOME, ".local", "state") : undefined;
}
