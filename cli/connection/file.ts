/** The connection file: which connector, which profile, whose credentials, which settings. */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { fileReason, readBytes } from "../../compiler/disk-host.ts";
import { readData } from "../../compiler/read/data.ts";
import type { Connector } from "../../schema/ir.ts";
import { suggestion } from "../did-you-mean.ts";
import { CommandFailure } from "../failure.ts";
import type { World } from "../world.ts";
import { hasUnreadReference, resolveReferences } from "./references.ts";
import { checkSection, profileOf } from "./sections.ts";

/** What a connection file holds, names checked against the connector and `${NAME}` replaced. */
export interface ConnectionFile {
  readonly profile?: string;
  readonly credentials: ReadonlyMap<string, unknown>;
  /** Credentials by profile id. */
  readonly profiles: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  readonly config: ReadonlyMap<string, unknown>;
  readonly identity: Identity;
  readonly network: Network;
  /** The address of a state that is shared with others. */
  readonly state?: string;
}

/** Whose connection it is; the parts that limits and caches are kept by. */
export interface Identity {
  readonly tenant?: string;
  readonly account?: string;
  readonly user?: string;
  readonly connection?: string;
}

/** Which destinations beyond the public network are allowed, and how they are reached. */
export interface Network {
  readonly allow?: readonly string[];
  readonly proxy?: string;
  readonly proxyExcept?: readonly string[];
  readonly ca?: string;
  readonly http2?: "auto" | false;
}

const keys = ["connector", "profile", "profiles", "credentials", "config", "identity", "network", "state"];

/** A connection file of nothing: all comes from the environment. */
export const noConnectionFile: ConnectionFile = {
  credentials: new Map(),
  profiles: new Map(),
  config: new Map(),
  identity: {},
  network: {},
};

/** Reads a connection file for a connector; any fault in it is a sentence that names the file and the key. */
export async function readConnectionFile(
  path: string,
  connector: Connector,
  world: World,
): Promise<ConnectionFile> {
  const fail = (message: string): never => {
    throw new CommandFailure(`${path}: ${message}`);
  };
  const root = map(await readYaml(path, world), "a connection file", fail);
  for (const key of root.keys()) if (!keys.includes(key)) fail(misplaced(key, connector));
  if (root.get("connector") === undefined)
    fail(`says not which connector it is for; add \`connector: ${connector.slug}\``);
  if (root.get("connector") !== connector.slug)
    fail(
      `is for the connector ${JSON.stringify(root.get("connector"))}, not for ${connector.slug}; its credentials are not sent elsewhere`,
    );
  if (root.has("profile") && root.has("profiles")) fail("has both `profile` and `profiles`; keep one");
  if (root.has("credentials") && root.has("profiles"))
    fail("has both `credentials` and `profiles`; move the credentials under their profile");

  const profile = optionalText(root.get("profile"), "profile", fail);
  if (profile !== undefined) profileOf(connector, profile, fail);
  const unread: string[] = [];
  const read = (value: unknown, at: string, owner: string | undefined): ReadonlyMap<string, unknown> => {
    const written = optionalMap(value, at, fail);
    checkSection("credentials", written, at, connector, owner, fail);
    for (const [key, text] of written) if (hasUnreadReference(text)) unread.push(`${at}.${key}`);
    return resolveReferences(written, at, world.env, fail);
  };
  const profiles = new Map<string, ReadonlyMap<string, unknown>>();
  for (const [id, entry] of optionalMap(root.get("profiles"), "profiles", fail)) {
    profileOf(connector, id, fail);
    const inner = optionalMap(entry, `profiles.${id}`, fail);
    for (const key of inner.keys())
      if (key !== "credentials") fail(`profiles.${id} has the unknown key ${key}; it takes \`credentials\``);
    profiles.set(id, read(inner.get("credentials"), `profiles.${id}.credentials`, id));
  }
  const config = optionalMap(root.get("config"), "config", fail);
  checkSection("config", config, "config", connector, profile, fail);
  const credentials = read(root.get("credentials"), "credentials", profile);
  const state = readState(root.get("state"), world, fail);
  await warnIfShared(path, root, connector, world);
  for (const key of unread)
    await world.stderr.write(
      `warning: ${path}: ${key} holds \${ and is sent as it is; a variable is read only where \${NAME} is the whole value\n`,
    );
  return {
    ...(profile === undefined ? {} : { profile }),
    credentials,
    profiles,
    config,
    identity: readIdentity(optionalMap(root.get("identity"), "identity", fail), fail),
    network: readNetwork(optionalMap(root.get("network"), "network", fail), fail),
    ...(state === undefined ? {} : { state }),
  };
}

type Fail = (message: string) => never;

async function readYaml(path: string, world: World): Promise<unknown> {
  let bytes: Uint8Array;
  try {
    bytes = readBytes(resolve(world.cwd, path));
  } catch (error) {
    throw new CommandFailure(
      `cannot open the connection file ${path}: ${fileReason(error)}; check the path and its permissions`,
    );
  }
  const read = readData(bytes);
  if ("problem" in read) throw new CommandFailure(`${path}: ${read.problem}`);
  return read.data;
}

function map(value: unknown, what: string, fail: Fail): ReadonlyMap<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return fail(`${what} is a map of keys and values`);
  return new Map(Object.entries(value));
}

function optionalMap(value: unknown, key: string, fail: Fail): ReadonlyMap<string, unknown> {
  return value === undefined || value === null ? new Map() : map(value, `\`${key}\``, fail);
}

function optionalText(value: unknown, key: string, fail: Fail): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  return fail(`\`${key}\` takes text; put it in quotes`);
}

function misplaced(key: string, connector: Connector): string {
  if (connector.settings.some((setting) => setting.key === key))
    return `${key} is a setting; it belongs under \`config\``;
  if (connector.profiles.some(({ fields }) => fields.some((field) => field.key === key)))
    return `${key} is a credential; it belongs under \`credentials\``;
  return `unknown key ${key}${suggestion(key, keys)}`;
}

function readIdentity(written: ReadonlyMap<string, unknown>, fail: Fail): Identity {
  const names = ["tenant", "account", "user", "connection"];
  const identity: Record<string, string> = {};
  for (const [key, value] of written) {
    if (!names.includes(key)) fail(`identity has the unknown key ${key}${suggestion(key, names)}`);
    identity[key] = optionalText(value, `identity.${key}`, fail) ?? "";
  }
  return identity;
}

function readNetwork(written: ReadonlyMap<string, unknown>, fail: Fail): Network {
  const names = ["allow", "proxy", "proxy_except", "ca", "http2"];
  for (const key of written.keys())
    if (!names.includes(key)) fail(`network has the unknown key ${key}${suggestion(key, names)}`);
  const allow = destinations(written.get("allow"), "network.allow", fail);
  const proxyExcept = destinations(written.get("proxy_except"), "network.proxy_except", fail);
  const proxy = optionalText(written.get("proxy"), "network.proxy", fail);
  const ca = optionalText(written.get("ca"), "network.ca", fail);
  const http2 = written.get("http2");
  if (http2 !== undefined && http2 !== "auto" && http2 !== false) fail("network.http2 must be auto or false");
  return {
    ...(allow === undefined ? {} : { allow }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(proxyExcept === undefined ? {} : { proxyExcept }),
    ...(ca === undefined ? {} : { ca }),
    ...(http2 === false || http2 === "auto" ? { http2 } : {}),
  };
}

/** An address may hold a password: a variable may stand for it. */
function readState(written: unknown, world: World, fail: Fail): string | undefined {
  const text = optionalText(written, "state", fail);
  if (text === undefined || text === "") return undefined;
  const named = resolveReferences(new Map([["state", text]]), "connection", world.env, fail);
  return optionalText(named.get("state"), "state", fail);
}

/** One destination, or a list of them. */
function destinations(written: unknown, at: string, fail: Fail): readonly string[] | undefined {
  if (written === undefined) return undefined;
  const entries: readonly unknown[] = Array.isArray(written) ? written : [written];
  return entries.map((entry) => optionalText(entry, at, fail) ?? "");
}

/** A secret written out in a file that others may read is said once, on standard error; a `${NAME}` is no secret. */
async function warnIfShared(
  path: string,
  root: ReadonlyMap<string, unknown>,
  connector: Connector,
  world: World,
): Promise<void> {
  const { mode } = await stat(resolve(world.cwd, path));
  if ((mode & 0o077) === 0 || process.platform === "win32") return;
  const secrets = new Set(
    connector.profiles.flatMap(({ fields }) => fields.filter(({ secret }) => secret).map(({ key }) => key)),
  );
  for (const token of ["access_token", "refresh_token"]) secrets.add(token);
  const written = (value: unknown): boolean =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(value).some(([key, inner]) =>
      secrets.has(key) ? typeof inner !== "string" || !/^\$\{\w+\}$/.test(inner) : written(inner),
    );
  if (written(root.get("credentials")) || written(root.get("profiles")))
    await world.stderr.write(
      `warning: ${path} holds secrets and others on this machine may read it; run \`chmod 600 ${path}\`, or write \${NAME} and set the variable\n`,
    );
}
