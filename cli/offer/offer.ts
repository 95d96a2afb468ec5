/** What a connector offers, as plain data: what `connector show` prints, in either format. */
import type { Connector, JsonSchema, Limit, Operation, Profile } from "../../schema/ir.ts";
import { urlText } from "./template-text.ts";

/** The offer of a connector. Keys are those of the descriptor language where it has them. */
export interface Offer {
  readonly slug: string;
  readonly version: string;
  readonly name: string;
  readonly description: string;
  readonly publisher: string;
  readonly operations: readonly OfferedOperation[];
  readonly profiles: readonly OfferedProfile[];
  readonly chains: readonly { readonly chain_id: string; readonly steps: readonly string[] }[];
  readonly settings: readonly OfferedField[];
  readonly limits: readonly OfferedLimit[];
  readonly tools: readonly {
    readonly name: string;
    readonly operation_id: string;
    readonly description: string;
  }[];
}

/** One operation with what goes in and what comes out. */
export interface OfferedOperation {
  readonly operation_id: string;
  readonly method: string;
  readonly endpoint: string;
  readonly summary: string;
  readonly profiles: readonly string[];
  readonly pagination: string;
  readonly deprecated: boolean;
  readonly deprecated_message?: string;
  readonly parameters: readonly (OfferedField & { readonly name: string; readonly location: string })[];
  /** Top-level properties of the response schema. */
  readonly outputs: readonly { readonly name: string; readonly type: string; readonly required: boolean }[];
}

/** A credential, setting or parameter. */
export interface OfferedField {
  readonly key: string;
  readonly type: string;
  readonly required: boolean;
  readonly secret?: boolean;
  /** No entry of the descriptor declares it: a template or the profile's type implies it. */
  readonly implied?: boolean;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
}

/** One authentication profile. */
export interface OfferedProfile {
  readonly profile_id: string;
  readonly type: string;
  readonly description?: string;
  readonly credential_chain_id?: string;
  readonly fields: readonly OfferedField[];
  readonly checkable: boolean;
}

/** One rate limit. */
export type OfferedLimit = Pick<Limit, "name" | "scope" | "limit" | "interval_seconds" | "burst" | "note">;

/** Gathers the offer from the IR. */
export function offerOf(ir: Connector): Offer {
  return {
    slug: ir.slug,
    version: ir.version,
    name: ir.metadata.name,
    description: ir.metadata.description,
    publisher: ir.metadata.publisher,
    operations: ir.operations.map((operation) => offeredOperation(operation, ir)),
    profiles: ir.profiles.map(offeredProfile),
    chains: chainsOf(ir.profiles),
    settings: ir.settings.map(offeredField),
    limits: ir.limits.map(({ name, scope, limit, interval_seconds, burst, note }) => ({
      ...(name === undefined ? {} : { name }),
      scope,
      limit,
      interval_seconds,
      burst,
      ...(note === undefined ? {} : { note }),
    })),
    tools: ir.mcp?.enabled
      ? ir.mcp.tools.map(({ name, operation, description }) => ({
          name,
          operation_id: operation,
          description,
        }))
      : [],
  };
}

function offeredOperation(operation: Operation, ir: Connector): OfferedOperation {
  return {
    operation_id: operation.id,
    method: operation.exchange.method,
    endpoint: urlText(operation.exchange.url),
    summary: operation.summary,
    profiles: operation.auth.map(({ profile }) => profile),
    pagination: operation.pagination.kind,
    deprecated: operation.deprecated,
    ...(operation.deprecated_message === undefined
      ? {}
      : { deprecated_message: operation.deprecated_message }),
    parameters: operation.parameters.map((parameter) => ({
      ...offeredField({ ...parameter, key: parameter.name }),
      name: parameter.name,
      location: parameter.location,
    })),
    outputs: outputsOf(operation.exchange.response.schema, ir),
  };
}

function offeredField(field: OfferedField): OfferedField {
  return {
    key: field.key,
    type: field.type,
    required: field.required && field.default === undefined,
    ...(field.secret ? { secret: true } : {}),
    ...(field.implied ? { implied: true } : {}),
    ...(field.default === undefined ? {} : { default: field.default }),
    ...(field.enum === undefined ? {} : { enum: field.enum }),
    ...(field.description === undefined ? {} : { description: field.description }),
  };
}

function offeredProfile(profile: Profile): OfferedProfile {
  return {
    profile_id: profile.id,
    type: profile.type,
    ...(profile.description === undefined ? {} : { description: profile.description }),
    ...(profile.source.kind === "chain" ? { credential_chain_id: profile.source.chain } : {}),
    fields: profile.fields.map(offeredField),
    checkable: profile.test !== undefined,
  };
}

function chainsOf(profiles: readonly Profile[]): Offer["chains"] {
  const chains = new Map<string, readonly string[]>();
  for (const { source } of profiles)
    if (source.kind === "chain")
      chains.set(
        source.chain,
        source.steps.map(({ name }) => name),
      );
  return [...chains].map(([chain_id, steps]) => ({ chain_id, steps }));
}

function outputsOf(schema: JsonSchema | undefined, ir: Connector): OfferedOperation["outputs"] {
  const target = resolved(schema, ir);
  const required: readonly unknown[] = Array.isArray(target.required) ? target.required : [];
  return Object.entries(asObject(target.properties)).map(([name, property]) => ({
    name,
    type: typeText(property, ir),
    required: required.includes(name),
  }));
}

/** A schema, or the shared one that its `$ref` names. */
function resolved(schema: unknown, ir: Connector): Readonly<Record<string, unknown>> {
  const own = asObject(schema);
  const name = typeof own.$ref === "string" ? /^#\/schemas\/(.+)$/.exec(own.$ref)?.[1] : undefined;
  return name !== undefined && Object.hasOwn(ir.schemas, name) ? asObject(ir.schemas[name]) : own;
}

function typeText(schema: unknown, ir: Connector): string {
  const { type } = resolved(schema, ir);
  if (typeof type === "string") return type;
  return Array.isArray(type) ? type.join(" or ") : "any";
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
