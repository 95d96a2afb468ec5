/** What a connector asks of the core, read off its representation. */
import type { Body, Connector, Matcher, Profile, Step } from "../../../../schema/ir.ts";

/** Sets of what occurs, by kind. */
export interface Needs {
  /** Template functions. */
  readonly functions: ReadonlySet<string>;
  /** Kinds of signatures, and the methods of OAuth 1. */
  readonly signers: ReadonlySet<string>;
  /** Kinds of credential sources. */
  readonly sources: ReadonlySet<string>;
  readonly bodies: ReadonlySet<Body["content_type"]>;
  readonly responses: ReadonlySet<string>;
  readonly pagination: ReadonlySet<string>;
  /** Serialisations of parameters. */
  readonly styles: ReadonlySet<string>;
  /** Places that holes of templates stand in. */
  readonly contexts: ReadonlySet<string>;
  /** Types of parameters, settings and credentials. */
  readonly types: ReadonlySet<string>;
  /** Formats of settings and credentials. */
  readonly formats: ReadonlySet<string>;
  /** Where extracts of steps are read. */
  readonly extracts: ReadonlySet<string>;
  /** How the life of what a step gave is told. */
  readonly lives: ReadonlySet<string>;
  /** Hosts that settings or answers take part in. */
  readonly madeOrigins: boolean;
  /** One of them brings a path. */
  readonly baseOrigins: boolean;
  /** Requests may go where an answer leads. */
  readonly elsewhere: boolean;
  /** Operations have parameters of their own in queries, headers or cookies. */
  readonly parameters: boolean;
  /** Lists, maps or labelled values in paths. */
  readonly styledSegments: boolean;
  /** Servers say when a limit begins anew. */
  readonly resets: boolean;
  readonly cookies: boolean;
  /** Something is made of the request. */
  readonly requestParts: boolean;
  /** Paging puts values into bodies. */
  readonly bodySlots: boolean;
  /** Servers say what remains of a limit. */
  readonly remaining: boolean;
  /** Limits with a burst, and smooth ones. */
  readonly buckets: boolean;
  readonly primaryKeys: boolean;
  /** Pages say whether more follow. */
  readonly hasMore: boolean;
  /** Lists of texts are taken as one. */
  readonly joins: boolean;
  /** Tokens are signed by a private key. */
  readonly privateKeys: boolean;
  /** Paths with wildcards or slices. */
  readonly manyPaths: boolean;
  /** Something that is sent tells the time. */
  readonly clocked: boolean;
  readonly limits: boolean;
  /** Whose limits they are. */
  readonly scopes: ReadonlySet<string>;
  readonly matchers: boolean;
  readonly patterns: boolean;
  readonly files: boolean;
  readonly refresh: boolean;
  readonly assertions: boolean;
}

export function needsOf(ir: Connector): Needs {
  const steps = stepsOf(ir.profiles);
  const exchanges = [...ir.operations, ...steps].map(({ exchange }) => exchange);
  const signers = [...ir.profiles, ...steps].flatMap(({ signer }) => signer ?? []);
  return {
    functions: new Set(valuesAt(ir, "function")),
    signers: new Set(
      signers.flatMap((signer) => [signer.kind, ...(signer.kind === "oauth1" ? [signer.method] : [])]),
    ),
    sources: new Set(ir.profiles.map(({ source }) => source.kind)),
    bodies: new Set(exchanges.flatMap(({ body }) => body?.content_type ?? [])),
    responses: new Set(exchanges.map(({ response }) => response.type)),
    pagination: new Set(ir.operations.map(({ pagination }) => pagination.kind)),
    styles: new Set(valuesAt(ir, "style")),
    contexts: new Set(valuesAt(ir, "context")),
    types: new Set([
      ...ir.settings.map(({ type }) => type),
      ...ir.profiles.flatMap(({ fields }) => fields.map(({ type }) => type)),
      ...ir.operations.flatMap(({ parameters }) => parameters.map(({ type }) => type)),
    ]),
    formats: new Set(valuesAt(ir, "format")),
    extracts: new Set(steps.flatMap(({ extract }) => extract.map(({ kind }) => kind))),
    lives: new Set(steps.map(({ life }) => life.kind)),
    madeOrigins: exchanges.some(({ url }) => url.origin.kind !== "literal"),
    baseOrigins: exchanges.some(({ url }) => url.origin.kind === "base"),
    elsewhere:
      exchanges.some(({ url }) => url.origin.kind !== "literal") ||
      ir.operations.some(({ pagination: { kind, ...rules } }) => kind === "link_header" || "source" in rules),
    parameters: exchanges.some(({ query, headers, cookies }) =>
      [...query, ...headers, ...cookies].some(({ kind }) => kind === "parameter"),
    ),
    styledSegments: occurs(
      ir,
      ({ kind, context, style }) => kind === "ref" && context === "path" && style !== undefined,
    ),
    resets: ir.limits.some(({ response_headers }) => response_headers?.reset !== undefined),
    cookies: occurs(ir, ({ cookies }) => Array.isArray(cookies) && cookies.length > 0),
    requestParts: occurs(ir, ({ kind, part }) => kind === "request" && part !== undefined),
    bodySlots: occurs(ir, ({ kind, path }) => kind === "body" && Array.isArray(path)),
    remaining: ir.limits.some(({ response_headers }) => response_headers?.remaining !== undefined),
    buckets: ir.limits.some(({ burst, smooth }) => burst > 0 || smooth),
    primaryKeys: ir.operations.some(
      ({ pagination }) => pagination.kind !== "none" && pagination.primary_key.length > 0,
    ),
    hasMore: ir.operations.some(
      ({ pagination }) => pagination.kind !== "none" && pagination.has_more !== undefined,
    ),
    joins: occurs(ir, ({ joined }) => joined === true),
    privateKeys: occurs(
      ir,
      ({ algorithm, claims }) => claims !== undefined && !String(algorithm).startsWith("HS"),
    ),
    manyPaths: occurs(ir, ({ kind }) => kind === "wildcard" || kind === "slice"),
    clocked: signers.length > 0 || occurs(ir, isTimed),
    limits: ir.limits.length > 0,
    scopes: new Set(ir.limits.map(({ scope }) => scope)),
    matchers: matchersOf(ir).length > 0,
    patterns: [...ir.settings, ...ir.profiles.flatMap(({ fields }) => fields)].some(
      ({ pattern }) => pattern !== undefined,
    ),
    files: ir.operations.some(({ parameters }) => parameters.some(({ type }) => type === "file")),
    refresh: ir.profiles.some(({ source }) => source.kind === "oauth2" && source.refresh !== undefined),
    assertions: steps.some(({ assertion }) => assertion !== undefined),
  };
}

/** Steps that a client runs: those of a login are not among them. */
export function stepsOf(profiles: readonly Profile[]): readonly Step[] {
  return profiles.flatMap(({ source }) => {
    if (source.kind === "chain") return source.steps;
    if (source.kind !== "oauth2") return [];
    return [...source.steps, ...(source.refresh ? [source.refresh] : []), ...(source.after_refresh ?? [])];
  });
}

/** What answers are held against. */
function matchersOf(ir: Connector): readonly Matcher[] {
  return [
    ...ir.profiles.flatMap(({ expired_when }) => expired_when),
    ...ir.operations.flatMap(({ errors, pagination }) => [
      ...errors.map(({ when }) => when),
      ...(pagination.kind === "none" ? [] : pagination.stop_when),
    ]),
  ];
}

/** What a server may judge by its own clock. */
function isTimed(node: Readonly<Record<string, unknown>>): boolean {
  const { function: name, kind, recipe, assertion } = node;
  if (kind === "jwt" || recipe !== undefined || assertion !== undefined) return true;
  return name === "now" || name === "uuid" || name === "jwt" || name === "sign";
}

function occurs(node: unknown, test: (node: Readonly<Record<string, unknown>>) => boolean): boolean {
  if (typeof node !== "object" || node === null) return false;
  return (
    (!Array.isArray(node) && test(node as Readonly<Record<string, unknown>>)) ||
    Object.values(node).some((inner) => occurs(inner, test))
  );
}

/** Every text under this key, however deep. A key of an author's that is called so too asks for more than is needed. */
function valuesAt(node: unknown, key: string): string[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) =>
    name === key && typeof value === "string" ? [value] : valuesAt(value, key),
  );
}
