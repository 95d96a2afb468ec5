import {
  type Connector,
  irVersion,
  type JsonObject,
  type McpServer,
  type McpUpstream,
  type Metadata,
  type Operation,
  type Profile,
  type Setting,
  type Sla,
  type UrlOrigin,
} from "../../schema/ir.ts";
import type { Report } from "../diagnostics.ts";
import type { Validated } from "../validate/validate.ts";
import { Cursor } from "./cursor.ts";
import { declare } from "./declare.ts";
import type { Declared, DeclaredProfile } from "./declared.ts";
import { given, toJsonObject } from "./json.ts";
import { lowerLimit } from "./limits.ts";
import { Lowering, type Prepared } from "./lowering.ts";
import { markOneSided } from "./one-sided.ts";
import { type LoweredOperation, lowerOperation } from "./operation.ts";
import {
  borrowsPlacement,
  extensions,
  type LoweredProfile,
  lowerProfile,
  lowerSetting,
  withInitial,
} from "./profile.ts";
import { sharedSchemas } from "./schemas.ts";
import { lowerChain } from "./step.ts";

/** A descriptor with its names bound: what the rules judge, and what becomes the IR once nothing is wrong. */
export interface Model {
  readonly declared: Declared;
  readonly lowering: Lowering;
  readonly profiles: readonly LoweredProfile[];
  readonly operations: readonly LoweredOperation[];
}

export function lower(text: string, { root, broken }: Validated, prepared: Prepared, report: Report): Model {
  const declared = declare(new Cursor(root, []), broken);
  const lowering = new Lowering(text, declared, broken, prepared, report);
  const profiles = declared.profiles.map((profile) => lowerProfile(lowering, profile));
  lowerUnusedChains(lowering, declared);
  const operations = declared.operations.map((operation) => lowerOperation(lowering, operation));
  return { declared, lowering, profiles, operations };
}

/** A chain that no profile names is judged all the same. */
function lowerUnusedChains(lowering: Lowering, declared: Declared): void {
  const used = new Set(declared.profiles.map(({ chain }) => chain));
  for (const chain of declared.chains) {
    if (used.has(chain)) continue;
    const nobody: DeclaredProfile = {
      id: "",
      type: "api_key",
      at: chain.at,
      fields: [],
      hasFields: false,
      chain,
      open: false,
    };
    lowerChain(lowering, chain, withInitial(nobody, declared.settings));
  }
}

/** The IR of a model without errors, with the hash of its content; undefined where a part of it could not be lowered. */
export function toConnector(model: Model, contentHash: (value: unknown) => string): Connector | undefined {
  const { declared, lowering } = model;
  const { root } = declared;
  const operations = model.operations.flatMap(({ operation }) => operation ?? []);
  const limits = declared.limits.flatMap(({ at }) => lowerLimit(at) ?? []);
  const profiles = model.profiles.flatMap((lowered) => finishProfile(lowered, model) ?? []);
  if (
    operations.length !== model.operations.length ||
    limits.length !== declared.limits.length ||
    profiles.length !== model.profiles.length
  )
    return undefined;
  const slug = root.at("metadata").at("slug").string() ?? "";
  const connector = {
    ir_version: irVersion,
    requires: [
      ...(root.at("jsonpath").string() === "plus" ? ["jsonpath:plus"] : []),
      ...(operations.some(hasFlag) ? ["query:flag"] : []),
      ...(operations.some(hasMoreCursors) ? ["pagination:more_cursors"] : []),
      ...(root.has("mcp_upstream") ? ["mcp_upstream"] : []),
    ],
    slug,
    version: root.at("metadata").at("version").string() ?? "0.1.0",
    metadata: lowerMetadata(root.at("metadata")),
    settings: [...declared.settings.map(lowerSetting), ...impliedSettings(lowering)],
    profiles,
    limits,
    ...markOneSided({ operations, schemas: sharedSchemas(lowering) }),
    ...given("capabilities", lowerCapabilities(root.at("capabilities"))),
    ...given("sla", lowerSla(root.at("sla"))),
    ...given("mcp", lowerMcp(root.at("mcp_config"))),
    ...given("upstream", lowerUpstream(root.at("mcp_upstream"))),
    ...given("database", lowerDatabase(root.at("database_config"))),
    ...given("extensions", extensions(root)),
  } as const;
  return { ...connector, content_hash: contentHash(connector) };
}

/** A runtime that does not know flags would send them as `name=true`. */
function hasFlag({ exchange }: Operation): boolean {
  return exchange.query.some((entry) => entry.kind === "parameter" && entry.style === "flag");
}

/** A runtime that does not know them would ask for pages by half a cursor. */
function hasMoreCursors({ pagination }: Operation): boolean {
  return pagination.kind === "cursor" && pagination.more !== undefined;
}

function finishProfile({ declared, profile, origins }: LoweredProfile, model: Model): Profile | undefined {
  if (!profile) return undefined;
  const users = model.operations.filter(({ profiles }) => profiles.includes(declared));
  const all = [...origins, ...users.flatMap(({ operation }) => operation?.exchange.url.origin ?? [])];
  const first = users[0]?.operation?.auth.find((auth) => auth.profile === declared.id);
  const test =
    profile.test && first && borrowsPlacement(declared)
      ? { ...profile.test, placement: first.placement }
      : profile.test;
  return { ...profile, ...given("test", test), origins: distinctOrigins(all) };
}

function distinctOrigins(origins: readonly UrlOrigin[]): UrlOrigin[] {
  return [...new Map(origins.map((origin) => [JSON.stringify(origin), origin])).values()];
}

function impliedSettings(lowering: Lowering): Setting[] {
  return [...lowering.implied.values()].map(({ key }) => ({
    key,
    type: "string",
    required: true,
    implied: true,
  }));
}

function lowerMetadata(at: Cursor): Metadata {
  const texts = (key: string): string[] =>
    at
      .at(key)
      .items()
      .flatMap((item) => item.string() ?? []);
  return {
    name: at.at("name").string() ?? "",
    description: at.at("description").string() ?? "",
    ...given("summary", at.at("summary").string()),
    publisher: at.at("publisher").string() ?? "",
    ...given("documentation_url", at.at("documentation_url").string()),
    categories: texts("categories"),
    tags: texts("tags"),
  };
}

/** With the defaults of the core reference. */
function lowerCapabilities(at: Cursor): JsonObject | undefined {
  const given = toJsonObject(at.value());
  if (!given) return undefined;
  return {
    supports_schema_discovery: true,
    supports_incremental_bookmark: false,
    supports_change_data_capture: false,
    supports_custom_sql: false,
    supports_file_ingestion: false,
    ...given,
  };
}

function lowerSla(at: Cursor): Sla | undefined {
  const availability = at.at("availability_percentage").number();
  if (availability === undefined) return undefined;
  return {
    availability_percentage: availability,
    ...given("latency_ms_p95", at.at("latency_ms_p95").number()),
    ...given("error_budget_percentage", at.at("error_budget_percentage").number()),
    ...given("data_freshness_minutes_p95", at.at("data_freshness_minutes_p95").number()),
    ...given("rto_minutes", at.at("rto_minutes").number()),
    ...given("rpo_minutes", at.at("rpo_minutes").number()),
  };
}

function lowerDatabase(at: Cursor): JsonObject | undefined {
  const given = toJsonObject(at.value());
  return given && { adapter: "postgres", default_schema: "public", tables: [], ...given };
}

function lowerUpstream(at: Cursor): McpUpstream | undefined {
  if (!at.exists) return undefined;
  return at.at("type").string() === "stdio"
    ? { kind: "stdio", server: at.at("server").string() ?? "" }
    : { kind: "streamable_http" };
}

function lowerMcp(at: Cursor): McpServer | undefined {
  if (!at.exists) return undefined;
  return {
    enabled: at.at("enabled").boolean() ?? false,
    server_name: at.at("server_name").string() ?? "",
    server_description: at.at("server_description").string() ?? "",
    tools: at
      .at("route_mappings")
      .items()
      .map((tool) => ({
        operation: tool.at("operation_id").string() ?? "",
        name: tool.at("mcp_tool_name").string() ?? "",
        description: tool.at("mcp_tool_description").string() ?? "",
        parameters: Object.fromEntries(
          tool
            .at("parameter_mappings")
            .entries()
            .map(([name, to]) => [name, to.string() ?? name]),
        ),
      })),
  };
}
