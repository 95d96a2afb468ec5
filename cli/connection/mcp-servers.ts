/**
 * The host's own file of MCP servers that it starts, as clients have it: `{ "mcpServers": { "name": { "command", "args", "env" } } }`.
 * It is read only where `--mcp-servers` names it: no descriptor and no folder brings one.
 */
import { resolve } from "node:path";
import { fileReason, readBytes } from "../../compiler/disk-host.ts";
import { readData } from "../../compiler/read/data.ts";
import type { ServerCommand } from "../../runtime/index.ts";
import { suggestion } from "../did-you-mean.ts";
import { CommandFailure } from "../failure.ts";
import { escapeLine } from "../report/escape.ts";
import type { World } from "../world.ts";
import { resolveReferences } from "./references.ts";

/** What a program needs of the host to be found and to find its own files. */
const inherited = ["PATH", "HOME", "LANG", "TMPDIR", "SystemRoot", "APPDATA", "USERPROFILE"];

const keys = ["command", "args", "env", "cwd", "type"];

/** The commands by name; any fault in the file is a sentence that names the file and the key. */
export function readMcpServers(path: string, world: World): Readonly<Record<string, ServerCommand>> {
  const fail = (message: string): never => {
    throw new CommandFailure(`${path}: ${message}`);
  };
  const servers = objectAt(parsed(path, world, fail), "mcpServers");
  if (!servers) return fail("has no `mcpServers`, a map of names to commands");
  return Object.fromEntries(
    Object.entries(servers).map(([name, entry]) => [name, commandOf(name, entry, world, fail)]),
  );
}

type Fail = (message: string) => never;

function parsed(path: string, world: World, fail: Fail): unknown {
  let bytes: Uint8Array;
  try {
    bytes = readBytes(resolve(world.cwd, path));
  } catch (error) {
    return fail(`cannot be opened: ${fileReason(error)}; check the path and its permissions`);
  }
  const read = readData(bytes);
  return "problem" in read ? fail(read.problem) : read.data;
}

function commandOf(name: string, entry: unknown, world: World, fail: Fail): ServerCommand {
  if (!isObject(entry)) return fail(`mcpServers.${name} is a map with a \`command\``);
  for (const key of Object.keys(entry))
    if (!keys.includes(key)) fail(`mcpServers.${name} has the unknown key ${key}${suggestion(key, keys)}`);
  const { command, args = [], env = {}, cwd } = entry;
  if (typeof command !== "string" || command === "")
    return fail(`mcpServers.${name}.command takes a program`);
  if (!Array.isArray(args) || !args.every((arg) => typeof arg === "string"))
    return fail(`mcpServers.${name}.args takes a list of texts`);
  if (!isObject(env) || !Object.values(env).every((value) => typeof value === "string"))
    return fail(`mcpServers.${name}.env takes a map of texts`);
  if (cwd !== undefined && typeof cwd !== "string") return fail(`mcpServers.${name}.cwd takes a folder`);
  const own = resolveReferences(new Map(Object.entries(env)), `mcpServers.${name}.env`, world.env, fail);
  const passed = inherited.flatMap((key) => (world.env[key] === undefined ? [] : [[key, world.env[key]]]));
  return {
    command,
    args,
    // Values were texts, and references give texts.
    env: Object.fromEntries([...passed, ...own]) as Record<string, string>,
    ...(cwd === undefined ? {} : { cwd: resolve(world.cwd, cwd) }),
    stderr: (line) => void world.stderr.write(`${name}: ${escapeLine(line)}\n`),
  };
}

function objectAt(value: unknown, key: string): Readonly<Record<string, unknown>> | undefined {
  const found = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return isObject(found) ? found : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
