/** Recorded calls of one host as the operations of an API: those of one pattern together, by their names and types alone. */
import type { ApiBody, ApiContent, ApiOperation, ApiParameter, ApiResponse, Located } from "../api/model.ts";
import { Names } from "../names.ts";
import type { Notes } from "../notes.ts";
import { type GraphqlCall, graphqlBody, graphqlCall, isSafeQuery } from "../observed/graphql.ts";
import { inferSchema, Shape, scalarSchema } from "../observed/infer.ts";
import { type PathPattern, parameterName, patternsOf, segmentSchema } from "../observed/paths.ts";
import { isHarmless } from "../observed/secrecy.ts";
import type { Vault } from "../observed/vault.ts";
import { isMap } from "../plain-data.ts";
import type { Authentication } from "./auth.ts";
import type { Exchange, SeenBody } from "./exchange.ts";
import { isOwnHeader } from "./headers.ts";

export interface HarReading {
  readonly vault: Vault;
  readonly auth: Authentication;
  readonly notes: Notes;
  /** Tells names that must not be written. */
  readonly isHidden: (name: string) => boolean;
}

/** `servers` are those of the operations that are not below the base URL. */
export function operationsOf(
  exchanges: readonly Exchange[],
  servers: readonly unknown[],
  reading: HarReading,
): readonly ApiOperation[] {
  const seen = exchanges.map((exchange) => ({
    segments: segmentsOf(exchange.url),
    method: exchange.method,
    likeness: likenessOf(exchange.answer?.json, reading.isHidden),
    of: exchange,
  }));
  const isSecret = (segment: string): boolean => reading.vault.holds(segment);
  return patternsOf(seen, isSecret).flatMap((pattern) =>
    callsOf(pattern, reading).map((one) => operationOf(pattern, one, servers, reading)),
  );
}

export function segmentsOf({ pathname }: URL): readonly string[] {
  const parts = pathname.split("/").map(decoded);
  const inner = parts.filter((part) => part !== "");
  return pathname.length > 1 && pathname.endsWith("/") ? [...inner, ""] : inner;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Names of an answer to a depth at which things of different kinds differ. */
function likenessOf(value: unknown, isHidden: (name: string) => boolean): string {
  const names = new Set<string>();
  const walk = (at: unknown, path: string, depth: number): void => {
    if (depth > 3) return;
    if (Array.isArray(at)) for (const item of at.slice(0, 3)) walk(item, `${path}[]`, depth + 1);
    else if (isMap(at))
      for (const [name, inner] of Object.entries(at).slice(0, 50)) {
        if (isHidden(name)) continue;
        names.add(`${path}.${name}`);
        walk(inner, `${path}.${name}`, depth + 1);
      }
  };
  walk(value, "$", 0);
  return [...names].sort().join(" ");
}

/** Calls of one pattern that are one operation: of GraphQL, those of one name. */
interface Call {
  readonly exchanges: readonly Exchange[];
  readonly graphql: GraphqlCall | undefined;
}

function callsOf({ seen, method }: PathPattern<Exchange>, { vault }: HarReading): readonly Call[] {
  const calls = new Map<string, { exchanges: Exchange[]; graphql: GraphqlCall | undefined }>();
  for (const exchange of seen) {
    const found = method === "POST" ? graphqlCall(exchange.body?.json) : undefined;
    const name = found?.name;
    const graphql = found && name !== undefined && !vault.holds(name) ? found : undefined;
    const key = graphql ? `${graphql.kind} ${graphql.name}` : "";
    const call = calls.get(key) ?? { exchanges: [], graphql };
    calls.set(key, call);
    call.exchanges.push(exchange);
  }
  return [...calls.values()];
}

function operationOf(
  pattern: PathPattern<Exchange>,
  { exchanges, graphql }: Call,
  servers: readonly unknown[],
  reading: HarReading,
): ApiOperation {
  const at = exchanges[0]?.at ?? "";
  const { path, parameters } = pathOf(pattern, at);
  const isCarried = graphql !== undefined && isSafeQuery(graphql.query, (text) => reading.vault.holds(text));
  if (graphql && !isCarried)
    reading.notes.lose(at, `The query of ${graphql.name} holds values of its own: it is a parameter.`);
  const body = isCarried ? graphqlContent(graphql, exchanges, at, reading) : bodyOf(exchanges, at, reading);
  return {
    path,
    method: pattern.method,
    id: graphql?.name,
    summary: graphql && `${graphql.kind === "mutation" ? "Mutation" : "Query"} ${graphql.name} (GraphQL)`,
    description: undefined,
    tags: tagsOf(pattern),
    deprecated: false,
    security: securityOf(exchanges, reading),
    servers,
    parameters: [...parameters, ...queryOf(exchanges, at, reading), ...headersOf(exchanges, at, reading)],
    body,
    responses: responsesOf(exchanges, at, reading),
    callbacks: [],
    ...(graphql?.kind === "query" ? { reads: true } : {}),
    at,
  };
}

function located(value: unknown, at: string): Located {
  return { value, file: "", at };
}

const bare = {
  description: undefined,
  deprecated: false,
  style: undefined,
  explode: undefined,
  content: undefined,
  example: undefined,
};

/** A parameter is called after what stands before it: `/users/42` is `/users/{user_id}`. */
function pathOf(
  { segments }: PathPattern<Exchange>,
  at: string,
): { readonly path: string; readonly parameters: readonly ApiParameter[] } {
  const names = new Names();
  const parameters: ApiParameter[] = [];
  const parts = segments.map((segment, index) => {
    if (typeof segment === "string") return segment;
    const before = segments[index - 1];
    const name = names.take(parameterName(typeof before === "string" ? before : undefined));
    parameters.push({
      ...bare,
      name,
      in: "path",
      required: true,
      schema: located(segmentSchema([...segment]), at),
      at,
    });
    return `{${name}}`;
  });
  return { path: `/${parts.join("/")}`, parameters };
}

/** The first word of the path that says something. */
function tagsOf({ segments }: PathPattern<Exchange>): readonly string[] {
  const word = segments.find(
    (segment): segment is string =>
      typeof segment === "string" &&
      /^[A-Za-z]/.test(segment) &&
      !/^(?:api|rest|graphql|v\d.*)$/i.test(segment),
  );
  return word === undefined ? [] : [word];
}

/** Sets of schemes, each once; none where a request without credentials was answered well. */
function securityOf(exchanges: readonly Exchange[], { auth }: HarReading): ApiOperation["security"] {
  const sets = new Map<string, { readonly [name: string]: readonly [] }>();
  for (const exchange of exchanges) {
    const names = [...auth.of(exchange)].sort();
    if (names.length === 0 && !(exchange.status >= 200 && exchange.status < 300) && exchanges.length > 1)
      continue;
    sets.set(names.join(" "), Object.fromEntries(names.map((name) => [name, []])));
  }
  return [...sets.values()];
}

function queryOf(
  exchanges: readonly Exchange[],
  at: string,
  { auth, isHidden, notes }: HarReading,
): readonly ApiParameter[] {
  const names = [...new Set(exchanges.flatMap(({ query }) => query.map(([name]) => name)))];
  return names.flatMap((name): readonly ApiParameter[] => {
    if (name === "" || /^(?:_|_t|_ts|cb|cache_?buster|nocache)$/i.test(name) || auth.isKey("query", name))
      return [];
    if (isHidden(name)) {
      notes.lose(at, "The name of an entry of the query looks like a secret: it is left out.");
      return [];
    }
    const values = exchanges.map(({ query }) =>
      query.filter(([one]) => one === name).map(([, value]) => value),
    );
    const isList = values.some((some) => some.length > 1) || name.endsWith("[]");
    const items = scalarSchema(name, values.flat());
    const schema = isList ? { type: "array", items } : items;
    return [{ ...bare, name, in: "query", required: false, schema: located(schema, at), at }];
  });
}

/** Headers that are an application's own; a version, which is the same in all calls, is sent by itself. */
function headersOf(
  exchanges: readonly Exchange[],
  at: string,
  { auth, isHidden }: HarReading,
): readonly ApiParameter[] {
  const found = new Map<string, { readonly spelling: string; readonly values: Set<string>; count: number }>();
  for (const { headers, spelling } of exchanges)
    for (const [name, value] of headers) {
      if (isOwnHeader(name) || auth.isKey("header", name) || isHidden(name)) continue;
      const known = found.get(name) ?? {
        spelling: spelling.get(name) ?? name,
        values: new Set<string>(),
        count: 0,
      };
      found.set(name, known);
      known.values.add(value);
      known.count += 1;
    }
  return [...found].map(([name, { spelling, values, count }]) => {
    const [value = ""] = values;
    const isFixed =
      values.size === 1 && count === exchanges.length && isHarmless(name, value) && !isHidden(value);
    const schema = { type: "string", ...(isFixed ? { default: value } : {}) };
    return { ...bare, name: spelling, in: "header", required: false, schema: located(schema, at), at };
  });
}

function bodyOf(
  exchanges: readonly Exchange[],
  at: string,
  { isHidden, notes }: HarReading,
): ApiBody | undefined {
  const bodies = exchanges.flatMap(({ body }) => body ?? []);
  const [first] = bodies;
  if (!first || ["GET", "HEAD"].includes(exchanges[0]?.method ?? "")) return undefined;
  const same = bodies.filter(({ mediaType }) => mediaType === first.mediaType);
  return {
    required: false,
    description: undefined,
    contents: [contentOf(first.mediaType, same, at, isHidden, notes)],
    at,
  };
}

function contentOf(
  mediaType: string,
  bodies: readonly SeenBody[],
  at: string,
  isHidden: (name: string) => boolean,
  notes: Notes,
): ApiContent {
  const empty = { mediaType, encoding: {}, items: undefined };
  if (/[/+]json$/.test(mediaType))
    return {
      ...empty,
      schema: located(
        inferSchema(
          bodies.map(({ json }) => json),
          isHidden,
        ),
        at,
      ),
    };
  const isForm = mediaType === "application/x-www-form-urlencoded" || mediaType === "multipart/form-data";
  if (!isForm) return { ...empty, schema: undefined };
  const fields = bodies.flatMap((body) => body.fields);
  const names = [...new Set(fields.map(([name]) => name))];
  if (names.some(isHidden))
    notes.lose(at, "The name of a field of the form looks like a secret: it is left out.");
  const properties = names
    .filter((name) => name !== "" && !isHidden(name))
    .map((name) => {
      const values = fields.filter(([one]) => one === name).map(([, value]) => value);
      const isFile = values.includes(undefined);
      return [
        name,
        isFile
          ? { type: "string", format: "binary" }
          : scalarSchema(
              name,
              values.flatMap((value) => value ?? []),
            ),
      ] as const;
    });
  return { ...empty, schema: located({ type: "object", properties: Object.fromEntries(properties) }, at) };
}

function graphqlContent(
  call: GraphqlCall,
  exchanges: readonly Exchange[],
  at: string,
  { isHidden }: HarReading,
): ApiBody {
  const shape = new Shape();
  for (const { body } of exchanges) shape.add(graphqlCall(body?.json)?.variables, isHidden);
  const schema = located({ type: "object", ...shape.schema() }, at);
  const content = {
    mediaType: "application/json",
    schema,
    encoding: {},
    items: undefined,
    template: graphqlBody(call, shape.names),
  };
  return { required: false, description: undefined, contents: [content], at };
}

/** One for each status; their schemas are of all bodies that came with it. */
function responsesOf(
  exchanges: readonly Exchange[],
  at: string,
  { isHidden }: HarReading,
): readonly ApiResponse[] {
  const byStatus = new Map<number, Exchange[]>();
  for (const exchange of exchanges) {
    const same = byStatus.get(exchange.status) ?? [];
    byStatus.set(exchange.status, same);
    same.push(exchange);
  }
  return [...byStatus]
    .filter(([status]) => status >= 200 && status !== 304)
    .map(([status, same]): ApiResponse => {
      const answers = same.flatMap(({ answer }) => answer ?? []);
      const json = answers.filter((one) => one.json !== undefined).map((one) => one.json);
      const mediaType = answers[0]?.mediaType ?? "";
      const schema = json.length > 0 ? located(inferSchema(json, isHidden), at) : undefined;
      const isJson = schema !== undefined;
      return {
        status: String(status),
        description: undefined,
        contents:
          mediaType === "" || (status === 204 && !isJson)
            ? []
            : [
                {
                  mediaType: isJson && !/[/+]json$/.test(mediaType) ? "application/json" : mediaType,
                  schema,
                  encoding: {},
                  items: undefined,
                },
              ],
        headers: [
          ...new Set(same.flatMap(({ answerHeaders }) => answerHeaders.map(([name]) => name))),
        ].filter((name) => !isHidden(name)),
        links: [],
        at,
      };
    });
}
