import type { Entry, Exchange, Operation, OperationAuth, Parameter, Placement } from "../../schema/ir.ts";
import { firstOf, lowerErrorRules, lowerResponse, lowerRetry, nothing } from "./answers.ts";
import { lowerBody } from "./body.ts";
import type { Cursor } from "./cursor.ts";
import type { DeclaredOperation, DeclaredParameter, DeclaredProfile } from "./declared.ts";
import { lowerEntries, overDefaults, parameterEntry, styledPath, wireName } from "./entries.ts";
import { given, toJson } from "./json.ts";
import type { Lowering, Owner } from "./lowering.ts";
import { lowerPagination, withCursorBody } from "./pagination.ts";
import { hasPlacement, lowerGivenPlacement, noPlacement, ownPlacement, placementSize } from "./placement.ts";
import { extensions, placementScope, profilePlacement } from "./profile.ts";
import { lowerSchema } from "./schemas.ts";
import type { Scope } from "./scope.ts";
import { bindName, isBound } from "./scope.ts";
import { lowerMethod } from "./step.ts";
import { lowerTool, lowerToolCall } from "./tool-call.ts";
import { lowerUrl } from "./url.ts";

export interface LoweredOperation {
  readonly declared: DeclaredOperation;
  readonly profiles: readonly DeclaredProfile[];
  readonly operation: Operation | undefined;
}

/** The profiles that an operation names, in its order; a type stands for every profile of that type. */
export function profilesOf(
  lowering: Lowering,
  declared: DeclaredOperation,
): { readonly profiles: readonly DeclaredProfile[]; readonly unknown: readonly Cursor[] } {
  const unknown: Cursor[] = [];
  const at = declared.at.at("auth_type_ref");
  const lone = at.string();
  if (lone !== undefined) {
    const found = lowering.profilesNamed(lone);
    return { profiles: found, unknown: found.length === 0 ? [at] : unknown };
  }
  const named = new Set<readonly DeclaredProfile[]>();
  for (const ref of at.items()) {
    const name = ref.string();
    if (name === undefined) continue;
    const found = lowering.profilesNamed(name);
    if (found.length === 0) unknown.push(ref);
    else named.add(found);
  }
  const [only = [], ...others] = named;
  // A list that many operations share is not copied for each of them.
  return { profiles: others.length === 0 ? only : [...new Set([...named].flat())], unknown };
}

export function lowerOperation(lowering: Lowering, declared: DeclaredOperation): LoweredOperation {
  const { at, parameters } = declared;
  const { profiles: all, unknown } = profilesOf(lowering, declared);
  const profiles = lowering.takes("ways", all.length, at.at("auth_type_ref")) ? all : all.slice(0, 1);
  const owner: Owner = { kind: "operation", id: declared.id };
  // Where the reference itself is wrong, its consequences stay unsaid: any profile's names will do.
  const known = unknown.length > 0 || profiles.length === 0 ? lowering.declared.profiles : profiles;
  const defaults = takenDefaults(lowering, at);
  const exchange = at.has("tool")
    ? lowerToolCall(lowering, declared, callScope(lowering, declared, known), owner)
    : lowerExchange(lowering, declared, known, owner, defaults);
  const auth = lowerAuth(lowering, declared, profiles, known, owner, defaults);
  // What does not hang on the request is read all the same: its mistakes are others.
  const method = at.has("tool") ? "POST" : lowerMethod(at.at("method"), "GET");
  const behaviour = behave(lowering, declared, method, defaults);
  if (!exchange || !auth) return { declared, profiles, operation: undefined };
  // The fixed keys in one literal: spread together, so many make V8 keep a hash table of kilobytes for each operation.
  const operation: Operation = {
    id: declared.id,
    summary: at.text("summary") ?? "",
    tags: at
      .at("tags")
      .items()
      .flatMap((tag) => tag.string() ?? []),
    deprecated: at.at("deprecated").boolean() ?? false,
    limits: behaviour.limits,
    cost: behaviour.cost,
    pagination: behaviour.pagination,
    retry: behaviour.retry,
    errors: behaviour.errors,
    side_effecting: behaviour.side_effecting,
    destructive: behaviour.destructive,
    idempotent: behaviour.idempotent,
    parameters: parameters.map((p) => lowerParameter(lowering, p)),
    exchange: withCursorBody(exchange, behaviour.pagination, at.text("content_type")),
    auth,
  };
  Object.assign(operation, behaviour.optional, described(at));
  return { declared, profiles, operation };
}

/** What only some operations say. */
function described(at: Cursor): Partial<Operation> {
  const data = (key: "examples" | "mock"): object =>
    at.has(key) ? { [key]: toJson(at.at(key).value()) } : {};
  return {
    ...given("description", at.text("description")),
    ...given("capability", at.text("capability")),
    ...given("tool", lowerTool(at)),
    ...given("deprecated_message", at.text("deprecated_message")),
    ...given("added_in_version", at.text("added_in_version")),
    ...data("examples"),
    ...data("mock"),
    ...given("extensions", extensions(at)),
  };
}

/** The names and scopes of `rate_limit_scope`, where it is given. */
export function wantedLimits(operation: Cursor): readonly string[] | undefined {
  const scope = operation.at("rate_limit_scope");
  return scope.exists ? scope.itemsOrSelf().flatMap((item) => item.string() ?? []) : undefined;
}

/** None once there are too many pairs of an operation and a limit. */
function takenLimits(lowering: Lowering, operation: Cursor): readonly number[] {
  const limits = lowering.limitsFor(wantedLimits(operation));
  return lowering.takes("limits", limits.length, operation) ? limits : [];
}

/** The defaults, or nothing once too many of their entries have been taken over. */
function takenDefaults(lowering: Lowering, operation: Cursor): Cursor {
  const { defaults, size } = lowering.shared;
  return lowering.takes("shared", size, operation) ? defaults : nothing;
}

interface Behaviour
  extends Pick<
    Operation,
    "limits" | "cost" | "pagination" | "retry" | "errors" | "side_effecting" | "destructive" | "idempotent"
  > {
  readonly optional: Pick<Operation, "timeout_ms" | "idempotency_header">;
}

function behave(
  lowering: Lowering,
  { at, parameters }: DeclaredOperation,
  method: Exchange["method"],
  defaults: Cursor,
): Behaviour {
  // RFC 9110, sections 9.2.1 and 9.2.2.
  const safe = method === "GET" || method === "HEAD" || method === "OPTIONS";
  const sideEffecting = at.at("side_effecting").boolean() ?? !safe;
  return {
    limits: takenLimits(lowering, at),
    cost: at.at("cost").number() ?? 1,
    pagination: lowerPagination(
      lowering,
      firstOf(at.at("pagination"), defaults.at("pagination")),
      parameters,
    ),
    retry: lowerRetry(at.at("retry"), defaults.at("retry")),
    errors: lowerErrorRules(lowering, firstOf(at.at("errors"), defaults.at("errors"))),
    side_effecting: sideEffecting,
    destructive: at.at("destructive").boolean() ?? method === "DELETE",
    idempotent: sideEffecting ? method === "PUT" || method === "DELETE" : true,
    optional: {
      ...given("timeout_ms", at.at("timeout_ms").number() ?? defaults.at("timeout_ms").number()),
      ...given("idempotency_header", at.at("idempotency").text("header")),
    },
  };
}

function lowerParameter(lowering: Lowering, parameter: DeclaredParameter): Parameter {
  const { at } = parameter;
  const schema = lowerSchema(lowering, at.at("schema"));
  return {
    name: parameter.name,
    wire_name: wireName(parameter),
    location: parameter.location,
    type: parameter.type,
    required: parameter.required,
    secret: parameter.type === "secret" || parameter.type === "password",
    ...(parameter.hasDefault ? { default: toJson(at.at("default_value").value()) } : {}),
    ...given("schema", schema),
    ...given("description", at.at("description").string()),
    ...(at.has("example") ? { example: toJson(at.at("example").value()) } : {}),
  };
}

function lowerExchange(
  lowering: Lowering,
  declared: DeclaredOperation,
  profiles: readonly DeclaredProfile[],
  owner: Owner,
  defaults: Cursor,
): Exchange | undefined {
  const { at, parameters } = declared;
  const scope = callScope(lowering, declared, profiles);
  const before = lowering.references.length;
  const url = lowerUrl(lowering, at.at("endpoint"), { scope, owner, section: "endpoint" });
  const map = (from: Cursor, key: "headers" | "query"): Entry[] =>
    lowerEntries(lowering, from.at(key), {
      scope,
      owner,
      context: key === "headers" ? "header" : "query",
      section: key,
    });
  const headers = overDefaults(map(at, "headers"), map(defaults, "headers"), "header");
  const query = overDefaults(map(at, "query"), map(defaults, "query"), "query");
  // A parameter that a hole already places is not sent a second time.
  const placed = new Set(
    lowering.references
      .slice(before)
      .flatMap(({ symbol }) => (symbol.kind === "parameter" ? [symbol.name] : [])),
  );
  const body = lowerBody(
    lowering,
    at.at("body"),
    lowering.soundText(at, "content_type"),
    parameters.filter((p) => p.location === "body" && !placed.has(p.name)),
    { scope, owner, section: "body" },
  );
  const entries = (location: "query" | "header" | "cookie"): Entry[] =>
    parameters.filter((p) => p.location === location && !placed.has(p.name)).map(parameterEntry);
  const response = lowerResponse(lowering, at.at("response"));
  if (!url) {
    lowering.markUnresolved(owner);
    return undefined;
  }
  const schema = lowerSchema(lowering, at.at("response_schema"));
  return {
    kind: "http",
    id: `operation:${declared.id}`,
    method: lowerMethod(at.at("method"), "GET"),
    url: { ...url.url, path: styledPath(url.url.path, parameters) },
    query: [...url.query, ...query, ...entries("query")],
    headers: [...headers, ...entries("header")],
    cookies: entries("cookie"),
    ...given("body", body),
    response: { ...response, ...given("schema", schema) },
  };
}

function callScope(
  lowering: Lowering,
  declared: DeclaredOperation,
  profiles: readonly DeclaredProfile[],
): Scope {
  const { extracts, oauth, open } = sharedNames(lowering, profiles);
  return {
    place: "call",
    parameters: declared.parameters,
    profiles,
    settings: lowering.declared.settings,
    extracts,
    later: [],
    open: lowering.declared.open.profiles || declared.open || open,
    oauth,
  };
}

/** What the profiles of an operation bring; a list that many operations share is gone through once. */
function sharedNames(lowering: Lowering, profiles: readonly DeclaredProfile[]): SharedNames {
  const known = sharedBy.get(profiles);
  if (known) return known;
  const scopes = profiles.map((profile) => placementScope(lowering, profile));
  // Profiles of one chain have one list.
  const extracts = [...new Set(scopes.map((scope) => scope.extracts))];
  const [only = [], ...others] = extracts;
  const shared = {
    extracts: others.length === 0 ? only : extracts.flat(),
    oauth: [...new Set(scopes.flatMap(({ oauth }) => oauth))],
    open: scopes.some(({ open }) => open),
  };
  sharedBy.set(profiles, shared);
  return shared;
}

type SharedNames = Pick<Scope, "extracts" | "oauth" | "open">;
const sharedBy = new WeakMap<readonly DeclaredProfile[], SharedNames>();

/** Where credentials go, first that applies: the operation's placement, the defaults', the profile's, the type's own. */
function lowerAuth(
  lowering: Lowering,
  declared: DeclaredOperation,
  profiles: readonly DeclaredProfile[],
  known: readonly DeclaredProfile[],
  owner: Owner,
  defaults: Cursor,
): OperationAuth[] | undefined {
  const source = hasPlacement(declared.at) ? declared.at : hasPlacement(defaults) ? defaults : undefined;
  const speaker = source && speaks(lowering, source, profiles.length > 0 ? profiles : known, declared);
  if (profiles.length === 0) {
    if (source && speaker)
      lowerGivenPlacement(
        lowering,
        source,
        { ...placementScope(lowering, speaker, declared), profiles: known },
        owner,
      );
    return undefined;
  }
  return profiles.map((profile) => {
    const own = source && lowerOwnPlacement(lowering, declared, profile, source, speaker, owner);
    return { profile: profile.id, placement: own ?? fallbackPlacement(lowering, declared, profile) };
  });
}

/** What the operation or the defaults say, where it speaks of this profile. */
function lowerOwnPlacement(
  lowering: Lowering,
  declared: DeclaredOperation,
  profile: DeclaredProfile,
  source: Cursor,
  speaker: DeclaredProfile | undefined,
  owner: Owner,
): Placement | undefined {
  const scope = placementScope(lowering, profile, declared);
  const applies = profile === speaker || bindsAll(source, scope);
  return applies ? lowerGivenPlacement(lowering, source, scope, owner) : undefined;
}

function fallbackPlacement(
  lowering: Lowering,
  declared: DeclaredOperation,
  profile: DeclaredProfile,
): Placement {
  const size = placementSize(profile.at);
  if (size > 0 && !lowering.takes("shared", size, declared.at)) return noPlacement;
  const field = declared.at.at("credential_field").string();
  if (field === undefined || hasPlacement(profile.at)) return profilePlacement(lowering, profile);
  const bound = bindName([field], placementScope(lowering, profile, declared), "header");
  const credential =
    "symbol" in bound
      ? {
          parts: [
            {
              kind: "ref" as const,
              symbol: bound.symbol,
              context: "header" as const,
              optional: false,
              secret: true,
              type: bound.type,
            },
          ],
        }
      : undefined;
  return ownPlacement(profile, credential) ?? noPlacement;
}

/** The profile whose names the operation's own placement speaks of: findings about it are told for this one. */
function speaks(
  lowering: Lowering,
  source: Cursor,
  profiles: readonly DeclaredProfile[],
  declared: DeclaredOperation,
): DeclaredProfile | undefined {
  return (
    profiles.find((profile) => bindsAll(source, placementScope(lowering, profile, declared))) ??
    profiles.find(({ type }) => type !== "none") ??
    profiles[0]
  );
}

/** True where every bare name in the placement's texts is known to the scope. */
function bindsAll(source: Cursor, scope: Scope): boolean {
  const texts = ["auth_headers", "auth_query", "auth_cookies"].flatMap((key) =>
    source
      .at(key)
      .entries()
      .map(([, at]) => at.string() ?? ""),
  );
  const names = texts.flatMap((text) =>
    [...text.matchAll(/\{([A-Za-z_][\w-]*)\}/g)].map((match) => match[1] ?? ""),
  );
  return names.every((name) => isBound(name, scope, "header"));
}
