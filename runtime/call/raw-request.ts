/** Requests that no operation describes: made into an operation for once, so that everything else is as in any call. */
import type { Body, Connector, Entry, FieldType, Method, Operation, Parameter } from "../../schema/ir.ts";
import { list } from "../../schema/language/spelling.ts";
import type { Parameters, RawRequest } from "../connection/connection.ts";
import { ConnectorError } from "../errors.ts";
import { symbolsOf } from "../request/template.ts";
import { suggestion } from "../suggest.ts";

const methods: readonly Method[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
/** RFC 9110, section 9.2. */
const safe: readonly Method[] = ["GET", "HEAD", "OPTIONS"];
const idempotent: readonly Method[] = [...safe, "PUT", "DELETE"];
/** The transport's own (RFC 9110, section 7; RFC 9112, section 6). */
const framing = ["host", "connection", "content-length", "transfer-encoding", "te", "upgrade", "expect"];

/**
 * The operation that stands for a request, and its parameters. Origin, credentials, limits, retries and what is the
 * same in every request of it come from the operation `like`; error rules and schemas do not.
 */
export function rawOperation(
  ir: Connector,
  request: RawRequest,
): { readonly operation: Operation; readonly parameters: Parameters } {
  const method = methods.find((known) => known === request.method);
  if (!method) throw refused("method", `\`method\` is none of ${list(methods)}.`);
  checkPath(request.path);
  if (ir.upstream)
    throw refused("path", "This connector calls the tools of an MCP server, which has no other requests.");
  const like = model(ir, request.like);
  const given = givenOf(request);
  const body = bodyOf(request.body);
  const { timeout_ms, idempotency_header, ...rest } = like;
  const { url, query, headers, cookies } = like.exchange;
  const operation: Operation = {
    ...rest,
    id: `${method} ${request.path}`,
    summary: "A request that no operation describes",
    parameters: [...given.map(({ parameter }) => parameter), ...(body ? [bodyParameter(body.type)] : [])],
    exchange: {
      kind: "http",
      id: "request",
      method,
      url: { origin: url.origin, path: { parts: [request.path] } },
      query: [...query.filter(isConstant), ...entriesIn(given, "query")],
      headers: [...headers.filter(isConstant), ...entriesIn(given, "header")],
      cookies: cookies.filter(isConstant),
      ...(body ? { body: body.body } : {}),
      response: {
        type: request.responseType ?? "json",
        success_status: [{ from: 200, to: 299 }],
        records: { kind: "plain", text: "$", steps: [] },
      },
    },
    cost: 1,
    pagination: { kind: "none" },
    errors: [],
    ...(timeout_ms === undefined ? {} : { timeout_ms }),
    ...(idempotency_header === undefined || safe.includes(method) ? {} : { idempotency_header }),
    side_effecting: !safe.includes(method),
    destructive: method === "DELETE",
    idempotent: idempotent.includes(method),
    deprecated: false,
  };
  const parameters = Object.fromEntries(given.map(({ parameter, value }) => [parameter.name, value]));
  return { operation, parameters: body ? { ...parameters, body: request.body } : parameters };
}

/** The one that is named; else any, as long as all of them go to one origin. */
function model({ operations }: Connector, like: string | undefined): Operation {
  const ids = operations.map(({ id }) => id);
  if (like !== undefined) {
    const found = operations.find(({ id }) => id === like);
    if (!found) throw refused("like", `There is no operation "${like}".${suggestion(like, ids)}`);
    return found;
  }
  const [first, ...others] = operations;
  if (!first) throw refused("like", "The connector has no operation, so it is not known where to send.");
  const origin = JSON.stringify(first.exchange.url.origin);
  if (others.some((other) => JSON.stringify(other.exchange.url.origin) !== origin))
    throw refused(
      "like",
      `The operations of this connector go to several origins. Name the one to follow in \`like\`: ${list(ids)}.`,
    );
  return first;
}

/** Encoded as it is to be sent: nothing in it can lead to another host or up its path. */
function checkPath(path: string): void {
  const sound =
    typeof path === "string" &&
    /^\/(?!\/)(?:[\w.~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*$/.test(path) &&
    !path.split("/").some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
  if (!sound)
    throw refused(
      "path",
      "`path` must begin with one `/`, be percent-encoded, and hold no `.` or `..` segment; what follows a `?` goes into `query`.",
    );
}

interface Given {
  readonly entry: Entry;
  readonly parameter: Parameter;
  readonly value: unknown;
}

function givenOf({ query = {}, headers = {} }: RawRequest): Given[] {
  for (const name of Object.keys(headers))
    if (!/^[!#$%&'*+.^`|~\w-]+$/.test(name) || framing.includes(name.toLowerCase()))
      throw refused("headers", `The header ${JSON.stringify(name)} cannot be set by a request.`);
  const given = (location: "query" | "header", values: object): Given[] =>
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [givenValue(location, name, value)],
    );
  return [...given("query", query), ...given("header", headers)];
}

function givenValue(location: "query" | "header", wire_name: string, value: unknown): Given {
  const name = `${location}.${wire_name}`;
  const style = location === "query" ? "form" : "simple";
  return {
    entry: { kind: "parameter", name: wire_name, parameter: name, style, explode: location === "query" },
    parameter: { name, wire_name, location, type: typeOf(value), required: false, secret: false },
    value,
  };
}

function typeOf(value: unknown): FieldType {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "boolean";
  return typeof value === "number" || typeof value === "bigint" ? "number" : "string";
}

function entriesIn(given: readonly Given[], location: "query" | "header"): Entry[] {
  return given.filter(({ parameter }) => parameter.location === location).map(({ entry }) => entry);
}

function bodyOf(value: unknown): { readonly type: FieldType; readonly body: Body } | undefined {
  if (value === undefined) return undefined;
  const of = (type: FieldType, content: "json" | "text" | "binary", media_type: string) => ({
    type,
    body: {
      content_type: content,
      media_type,
      root: {
        kind: "value",
        hole: {
          kind: "ref",
          symbol: { kind: "parameter", name: "body" },
          context: content === "json" ? "json" : "text",
          optional: false,
          secret: false,
          type,
        },
      },
    } satisfies Body,
  });
  if (typeof value === "string") return of("string", "text", "text/plain; charset=utf-8");
  if (value instanceof Uint8Array) return of("file", "binary", "application/octet-stream");
  return of("json", "json", "application/json");
}

function bodyParameter(type: FieldType): Parameter {
  return { name: "body", wire_name: "body", location: "body", type, required: true, secret: false };
}

/** What every request of the operation carries, such as the API's version: made of no parameter. */
export function isConstant(entry: Entry): boolean {
  return entry.kind === "template" && !symbolsOf(entry.value).some(({ kind }) => kind === "parameter");
}

function refused(key: string, message: string): ConnectorError {
  return new ConnectorError({
    code: "invalid_parameters",
    phase: "parameters",
    message,
    details: { parameter: key },
  });
}
