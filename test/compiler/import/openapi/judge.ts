/** A foreign validator that holds requests against an OpenAPI document: it knows nothing of ours. */
import { readFileSync } from "node:fs";
import { type Document, OpenAPIBackend } from "openapi-backend";
import { parse } from "yaml";
import type { ReceivedRequest } from "../../../../runtime/testing/index.ts";
import { readForm } from "../../../descriptors/vendor-document.ts";

export interface SourceOperation {
  readonly path: string;
  readonly method: string;
  readonly operation: { readonly [key: string]: unknown };
}

export interface SourceDocument {
  readonly data: { readonly [key: string]: unknown };
  /** In the order of the document. */
  readonly operations: readonly SourceOperation[];
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch"];

export function readDocument(path: string): SourceDocument {
  const text = readFileSync(path, "utf8");
  const data: { readonly paths: { readonly [path: string]: { readonly [method: string]: object } } } =
    path.endsWith(".json")
      ? JSON.parse(text, harmless)
      : parse(text, (key: unknown, value: unknown) => harmless(String(key), value), { maxAliasCount: -1 });
  const operations = Object.entries(data.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) =>
      methods.includes(method) ? [{ path, method: method.toUpperCase(), operation: { ...operation } }] : [],
    ),
  );
  return { data: { ...data }, operations };
}

/**
 * Without what troubles the validator: `nullable` where it has no effect (OpenAPI 3.0.3, section 4.7.24.1), patterns that
 * are none, bounds of 3.0 in a document of 3.1, and data in which it takes texts for references and goes to the network.
 */
function harmless(key: string, value: unknown): unknown {
  if (key === "examples" || isExtension(key, value) || (key === "example" && !isSchema(value)))
    return undefined;
  if (key === "pattern" && typeof value === "string" && !isPattern(value)) return undefined;
  if (key.startsWith("exclusiveM") && typeof value === "boolean") return undefined;
  if (typeof value !== "object" || value === null) return value;
  if (typeof Reflect.get(value, "$ref") === "string" && !String(Reflect.get(value, "$ref")).startsWith("#"))
    return {};
  if (!("nullable" in value) || "type" in value) return value;
  const { nullable: _idle, ...rest } = value;
  return rest;
}

/** A component may be called so, too. */
function isExtension(key: string, value: unknown): boolean {
  return (
    key.startsWith("x-") &&
    !(typeof value === "object" && value !== null && ("in" in value || "schema" in value))
  );
}

/** A property may be called `example`. */
function isSchema(value: unknown): boolean {
  return typeof value === "object" && value !== null && "type" in value;
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, "u") !== undefined;
  } catch {
    return false;
  }
}

export type Judge = (request: ReceivedRequest) => readonly string[];

/** A judge of one operation: the whole of a document takes minutes to prepare. */
export async function judgeOf({ data }: SourceDocument, { path, method }: SourceOperation): Promise<Judge> {
  const item: Record<string, unknown> = { ...Object(Object(data.paths)[path]) };
  for (const other of methods) if (other !== method.toLowerCase()) delete item[other];
  const { servers: _servers, security: _security, ...rest } = data;
  const api = new OpenAPIBackend({
    // The vendor's own document; the validator reads it as such.
    definition: {
      ...rest,
      paths: { [path]: { ...item, [method.toLowerCase()]: open(item[method.toLowerCase()]) } },
    } as unknown as Document,
    quick: true,
    validate: true,
    ajvOpts: { strict: false, validateFormats: false, coerceTypes: hasForm(item) },
  });
  await api.init();
  const base = basePath(data, item, item[method.toLowerCase()]);
  return (request) => {
    const { valid, errors } = api.validateRequest({
      method: request.method,
      path: request.target.startsWith(base) ? request.target.slice(base.length) : request.target,
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, value ?? ""]),
      ),
      ...(request.text === "" ? {} : { body: bodyOf(request) }),
    });
    const found = (errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath}: ${message} ${JSON.stringify(params)}`,
    );
    return valid ? [] : found.length > 0 ? found : ["refused"];
  };
}

/** A form has texts alone: what they stand for is for its reader to say. */
function hasForm(item: object): boolean {
  return JSON.stringify(item).includes('"application/x-www-form-urlencoded"');
}

/** Forms read as their reader would; JSON as it is. */
function bodyOf({ headers, text }: ReceivedRequest): Record<string, unknown> | string {
  const type = headers["content-type"] ?? "";
  if (type.startsWith("application/x-www-form-urlencoded")) return readForm(text);
  if (!type.startsWith("multipart/form-data")) return text;
  const fields = text.matchAll(/form-data; name="([^"]*)"[\s\S]*?\r\n\r\n([\s\S]*?)\r\n--/g);
  return Object.fromEntries([...fields].map(([, name = "", value = ""]) => [name, jsonOr(value)]));
}

/** Parts of a multipart body that are maps or lists are JSON. */
function jsonOr(text: string): unknown {
  return /^[[{]/.test(text) ? JSON.parse(text) : text;
}

/** What stands before the path on the wire. */
function basePath(data: object, item: object, operation: unknown): string {
  const [server]: { url?: string; variables?: { [name: string]: { default?: string } } }[] =
    Reflect.get(Object(operation), "servers") ??
    Reflect.get(item, "servers") ??
    Reflect.get(data, "servers") ??
    [];
  const url = (server?.url ?? "").replace(
    /\{([^}]*)\}/g,
    (_hole, name: string) => server?.variables?.[name]?.default ?? "test1",
  );
  return new URL(url === "" ? "/" : url, "https://server.test").pathname.replace(/\/$/, "");
}

/** Where credentials go is judged by itself; answers are not judged here. */
function open(operation: unknown): object {
  const { security: _security, servers: _servers, callbacks: _callbacks, ...rest } = Object(operation);
  return { ...rest, responses: {} };
}

interface Scheme {
  readonly type?: string;
  readonly name?: string;
  readonly in?: string;
  readonly scheme?: string;
}

/** What is missing of the credentials that the first alternative of the document asks for. */
export function missingCredentials(
  { data }: SourceDocument,
  { operation }: SourceOperation,
  request: ReceivedRequest,
): readonly string[] {
  const requirements: readonly object[] = (operation.security ?? data.security ?? []) as readonly object[];
  const [first] = requirements.filter((one) => Object.keys(one).length > 0);
  const schemes: { readonly [name: string]: Scheme } = Object(Object(data.components).securitySchemes);
  return Object.keys(first ?? {}).flatMap((name) => {
    const scheme = schemes[name];
    return scheme && !isPlaced(scheme, request)
      ? [`${name} is not placed: ${JSON.stringify(scheme).slice(0, 200)}`]
      : [];
  });
}

function isPlaced(
  { type, name = "", in: where, scheme }: Scheme,
  { headers, query }: ReceivedRequest,
): boolean {
  const authorization = headers.authorization ?? "";
  if (type === "apiKey" && where === "header")
    return headers[name.toLowerCase()]?.includes("given-") ?? false;
  if (type === "apiKey" && where === "query") return query.get(name)?.includes("given-") ?? false;
  if (type === "apiKey") return headers.cookie?.includes(`${name}=given-`) ?? false;
  if (type === "http" && scheme?.toLowerCase() === "basic") return authorization.startsWith("Basic ");
  return authorization.startsWith("Bearer given-");
}
