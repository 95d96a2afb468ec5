/** All that a connection needs, from `--connection`, `--profile`, `--allow-network` and the environment. */
import { dirname, resolve } from "node:path";
import { fileReason, readBytes } from "../../compiler/disk-host.ts";
import type { ServerCommand } from "../../runtime/index.ts";
import type { Connector, FieldType, Profile } from "../../schema/ir.ts";
import { variableName } from "../../schema/language/variable-name.ts";
import { CommandFailure } from "../failure.ts";
import { readValue } from "../parameters/value.ts";
import type { World } from "../world.ts";
import { fromEnvironment } from "./environment.ts";
import {
  type ConnectionFile,
  type Identity,
  type Network,
  noConnectionFile,
  readConnectionFile,
} from "./file.ts";
import { readMcpServers } from "./mcp-servers.ts";
import { credentialKeys, profileOf } from "./sections.ts";

/** The options of the commands that connect. */
export interface ConnectionFlags {
  readonly connection?: string;
  readonly profile?: string;
  readonly allowNetwork: readonly string[];
  /** Where the key of stored logins lies. */
  readonly keyFile?: string;
  /** The address of a state that is shared with others. */
  readonly state?: string;
  /** The host's file of MCP servers that it starts. */
  readonly mcpServers?: string;
}

/** What `createRuntime` and `connect` are given. */
export interface ConnectionInput {
  readonly network: Network;
  /** The address of a state that is shared with others, from the connection file. */
  readonly state?: string;
  readonly connect: {
    readonly profile?: string;
    readonly credentials?: Readonly<Record<string, unknown>>;
    readonly profiles?: Readonly<Record<string, { readonly credentials: Readonly<Record<string, unknown>> }>>;
    readonly config: Readonly<Record<string, unknown>>;
    readonly identity: Identity;
    readonly mcpServers?: Readonly<Record<string, ServerCommand>>;
  };
}

/** Joins file, flags and environment; the file wins over the environment, a flag over the file. */
export async function connectionInput(
  connector: Connector,
  flags: ConnectionFlags,
  world: World,
): Promise<ConnectionInput> {
  const fail = (message: string): never => {
    throw new CommandFailure(message);
  };
  const file =
    flags.connection === undefined
      ? noConnectionFile
      : await readConnectionFile(flags.connection, connector, world);
  if (flags.profile !== undefined) profileOf(connector, flags.profile, fail);
  const only = connector.profiles.length === 1 ? connector.profiles[0]?.id : undefined;
  const profile =
    flags.profile ??
    file.profile ??
    (file.profiles.size === 1 ? [...file.profiles.keys()][0] : undefined) ??
    only;
  return {
    network: await networkOf(file, flags, world),
    ...(file.state === undefined ? {} : { state: file.state }),
    connect: {
      ...credentialsOf(connector, profile, file, world),
      config: configOf(connector, file, world),
      identity: file.identity,
      ...(flags.mcpServers === undefined ? {} : { mcpServers: readMcpServers(flags.mcpServers, world) }),
    },
  };
}

function credentialsOf(
  connector: Connector,
  chosen: string | undefined,
  file: ConnectionFile,
  world: World,
): Pick<ConnectionInput["connect"], "profile" | "credentials" | "profiles"> {
  const complete = (profile: Profile): Record<string, unknown> => {
    const keys = credentialKeys(profile);
    const own =
      file.profiles.get(profile.id) ?? new Map([...file.credentials].filter(([key]) => keys.includes(key)));
    // An empty text counts as missing, as an empty variable does.
    const given = new Map([...own].filter(([, value]) => value !== ""));
    return filled(
      connector.slug,
      given,
      keys,
      (key) => profile.fields.find((field) => field.key === key)?.type ?? "string",
      world,
    );
  };
  const profile = connector.profiles.find(({ id }) => id === chosen);
  if (profile) return { profile: profile.id, credentials: complete(profile) };
  // No profile was chosen: the runtime takes the first that an operation lists and that has its credentials.
  const entries = connector.profiles.map((one) => [one.id, { credentials: complete(one) }] as const);
  return {
    profiles: Object.fromEntries(
      entries.filter(([, { credentials }]) => Object.keys(credentials).length > 0),
    ),
  };
}

function configOf(connector: Connector, file: ConnectionFile, world: World): Record<string, unknown> {
  const keys = connector.settings.map(({ key }) => key);
  return filled(
    connector.slug,
    file.config,
    keys,
    (key) => connector.settings.find((setting) => setting.key === key)?.type ?? "string",
    world,
  );
}

/** Given values, and for each key that has none the variable `CONNECTOR_<SLUG>_<KEY>`. */
function filled(
  slug: string,
  given: ReadonlyMap<string, unknown>,
  keys: readonly string[],
  typeOf: (key: string) => FieldType,
  world: World,
): Record<string, unknown> {
  const values = new Map(given);
  for (const key of keys) {
    const text = values.has(key) ? undefined : fromEnvironment(slug, key, world.env);
    if (text === undefined) continue;
    const read = readValue(text, typeOf(key));
    if ("expected" in read)
      throw new CommandFailure(`the variable ${variableName(slug, key)} takes ${read.expected}`);
    values.set(key, read.value);
  }
  return Object.fromEntries(values);
}

async function networkOf(file: ConnectionFile, flags: ConnectionFlags, world: World): Promise<Network> {
  const { ca } = file.network;
  const allow = [...(file.network.allow ?? []), ...flags.allowNetwork];
  return {
    ...file.network,
    ...(allow.length > 0 ? { allow } : {}),
    ...(ca === undefined || ca.includes("-----BEGIN")
      ? {}
      : { ca: await readCertificate(ca, flags.connection ?? "", world) }),
  };
}

/** A certificate that the connection file names by its path, which counts from that file. */
async function readCertificate(path: string, connectionFile: string, world: World): Promise<string> {
  try {
    return new TextDecoder().decode(readBytes(resolve(world.cwd, dirname(connectionFile), path)));
  } catch (error) {
    throw new CommandFailure(
      `network.ca: cannot open ${path}: ${fileReason(error)}; name a PEM file, counted from the connection file`,
    );
  }
}
