/** JSON definitions of Pullpush's dynamic connectors: endpoints that poll, deliver and test, or tools of an MCP server. */
import type { AuthProfile, Descriptor, Operation } from "../../../schema/descriptor.ts";
import { type Draft, type Importer, ImportFailure } from "../importer.ts";
import { Names, snakeCase } from "../names.ts";
import { Notes } from "../notes.ts";
import { at, type DataMap, isMap, mapAt, textAt } from "../plain-data.ts";
import { profileOf, tellRestOfAuth, withSecrets } from "../request/auth.ts";
import { Meanings } from "../request/meanings.ts";
import { metadataOf } from "../request/metadata.ts";
import { perSecond } from "../request/rate.ts";
import { type Addresses, addressesOf } from "../request/urls.ts";
import { createSelection } from "../select.ts";
import { endpointOf } from "./endpoint.ts";
import { mcpOperations } from "./mcp.ts";

export const pullpush: Importer = {
  recognises: (data) =>
    isMap(at(data, "metadata")) &&
    textAt(at(data, "metadata"), "slug") !== undefined &&
    (isMap(at(data, "endpoints")) || isMap(at(data, "mcpConfig"))),

  async draft({ data, name }, { select }) {
    if (!isMap(data) || (!isMap(data.endpoints) && !isMap(data.mcpConfig)))
      throw new ImportFailure(
        `${name} is no definition of a connector: it has neither \`endpoints\` nor \`mcpConfig\``,
      );
    return [carry(data, name, select)];
  },
};

function carry(data: DataMap, name: string, select: readonly string[]): Draft {
  const notes = new Notes();
  const meanings = new Meanings();
  const auth = mapAt(data, "auth");
  const profile: AuthProfile = profileOf(auth, "/auth", meanings, notes) ?? { type: "none" };
  tellRestOfAuth(auth, "/auth", notes);
  const ofProfile = new Set(meanings.credentials.keys());
  const wanted = select.length > 0 ? createSelection(select) : () => true;
  const isMcp = textAt(data, "protocol") === "mcp" || !isMap(data.endpoints);
  const { operations, found, baseUrl } = isMcp
    ? mcpOperations(mapAt(data, "mcpConfig"), profile.type, wanted, meanings, notes)
    : restOperations(data, profile.type, wanted, meanings, notes);
  if (operations.length === 0)
    throw new ImportFailure(
      `${name} has no endpoint that can be called${select.length > 0 ? ` and matches ${select.join(", ")}` : ""}`,
    );
  const [whole = profile] = withSecrets([profile], meanings, ofProfile);
  for (const operation of operations) operation.auth_type_ref = whole.type;
  const checked = withTest(whole, operations);
  const limit = at(data.rate_limiting, "requests_per_second") ?? at(data.rateLimiting, "requestsPerSecond");
  const settings = [
    ...(baseUrl === undefined ? [{ key: "base_url", label: "Base URL", format: "uri" as const }] : []),
    ...meanings.list(),
  ];
  const descriptor: Descriptor = {
    metadata: identityOf(data, name),
    base_url: baseUrl ?? "{base_url}",
    ...(settings.length > 0 ? { connection_config: settings } : {}),
    authentication: [checked],
    operations,
    ...(typeof limit === "number" && limit > 0
      ? { rate_limits: [{ scope: "per_connection", ...perSecond(limit), pacing: "smooth" }] }
      : {}),
  };
  tellRest(data, descriptor, notes);
  return { descriptor, notes, operations: found };
}

function identityOf(data: DataMap, name: string): Descriptor["metadata"] {
  const metadata = mapAt(data, "metadata");
  const type = textAt(metadata, "type");
  return metadataOf({
    key: textAt(metadata, "slug") ?? name,
    title: textAt(metadata, "name") ?? textAt(metadata, "displayName"),
    description: textAt(metadata, "description"),
    version: textAt(metadata, "version"),
    tags: type === undefined ? [] : [type],
  });
}

interface Found {
  readonly operations: Operation[];
  readonly found: number;
  readonly baseUrl: string | undefined;
}

function restOperations(
  data: DataMap,
  profile: string,
  wanted: (names: readonly string[]) => boolean,
  meanings: Meanings,
  notes: Notes,
): Found {
  const chosen = Object.entries(mapAt(data, "endpoints")).filter(([name]) => wanted([name]));
  const urls = chosen.flatMap(([, endpoint]) => textAt(endpoint, "url") ?? []);
  const addresses: Addresses = addressesOf(urls, meanings);
  const ids = new Names();
  const operations = chosen.flatMap(([name, endpoint]): Operation[] => {
    if (!isMap(endpoint) || textAt(endpoint, "url") === undefined) {
      notes.lose(`/endpoints/${name}`, `${name} has no URL, and is not carried over.`);
      return [];
    }
    const id = ids.take(snakeCase(name) || "operation");
    return [endpointOf({ id, name, endpoint, profile }, addresses, meanings, notes)];
  });
  return { operations, found: chosen.length, baseUrl: addresses.baseUrl };
}

/** The endpoint called `test` says whether a credential is valid. */
function withTest(profile: AuthProfile, operations: readonly Operation[]): AuthProfile {
  const test = operations.find(({ operation_id: id }) => id === "test");
  if (test?.endpoint === undefined || test.body !== undefined || (test.parameters?.length ?? 0) > 0)
    return profile;
  return {
    ...profile,
    test_endpoint: { url: test.endpoint, ...(test.method === undefined ? {} : { method: test.method }) },
  };
}

/** What is the platform's own: events, canonical models, lookups. */
function tellRest(data: DataMap, descriptor: Descriptor, notes: Notes): void {
  const carried = ["metadata", "protocol", "auth", "endpoints", "mcpConfig", "rate_limiting", "rateLimiting"];
  for (const [key, value] of Object.entries(data)) {
    if (carried.includes(key)) continue;
    const text = JSON.stringify(value);
    const shown = text.length <= 400 ? `: ${text}` : "";
    notes.lose(
      `/${key}`,
      `${key} belongs to the platform that the definition was made for, and is not carried over${shown}`,
      descriptor,
      "operations",
    );
  }
}
