import type {
  Connector,
  Json,
  JsonObject,
  Operation,
  ResponseType,
  StatusRange,
} from "../../../schema/ir.ts";
import { createSchemaBundle, type SchemaBundle } from "../json-schema/bundle.ts";
import { parametersOf } from "./parameters.ts";
import { requestBodyOf } from "./request-body.ts";
import { createSecuritySchemes, type SecuritySchemes } from "./security.ts";
import { commonOrigin, serverOf } from "./servers.ts";
import { templateText, type UrlHole } from "./template-text.ts";

interface Parts {
  readonly ir: Connector;
  readonly bundle: SchemaBundle;
  readonly security: SecuritySchemes;
  readonly origin: string;
}

/** The connector as an OpenAPI Document (OpenAPI 3.1.1, section 4.8.1). */
export function openApiDocument(ir: Connector): JsonObject {
  const bundle = createSchemaBundle(ir.schemas, "#/components/schemas/");
  const security = createSecuritySchemes(ir);
  const origin = commonOrigin(ir);
  const paths = pathsOf({ ir, bundle, security, origin: JSON.stringify(origin) });
  const { name, summary, description, documentation_url } = ir.metadata;
  return {
    openapi: "3.1.1",
    info: { title: name, ...(summary === undefined ? {} : { summary }), description, version: ir.version },
    ...(documentation_url === undefined ? {} : { externalDocs: { url: documentation_url } }),
    ...(origin ? { servers: [serverOf(origin, ir)] } : {}),
    paths,
    components: { schemas: bundle.shared(), securitySchemes: security.schemes() },
    "x-connector": { slug: ir.slug, content_hash: ir.content_hash },
  };
}

/**
 * A document has one operation per path and method, and one spelling of a path: parameters are called as by the first
 * operation there, and a second of the same method gets the path with its id as fragment.
 */
function pathsOf(parts: Parts): JsonObject {
  const spellings = new Map<string, readonly UrlHole[]>();
  const paths = new Map<string, Map<string, Json>>();
  for (const operation of parts.ir.operations) {
    const written = templateText(operation.exchange.url.path);
    const plain = (written.text || "/").replace(/\{[^}]*\}/g, "{}");
    const first = spellings.get(plain) ?? distinct(written.holes);
    spellings.set(plain, first);
    let at = 0;
    const spelled = plain.replace(/\{\}/g, () => `{${first[at++]?.name ?? ""}}`);
    const holes = written.holes.map((hole, index) => ({ ...hole, name: first[index]?.name ?? hole.name }));
    const method = operation.exchange.method.toLowerCase();
    const path = paths.get(spelled)?.has(method) ? `${spelled}#${encodeURIComponent(operation.id)}` : spelled;
    const item = paths.get(path) ?? new Map<string, Json>();
    item.set(method, operationObject(operation, holes, parts));
    paths.set(path, item);
  }
  return Object.fromEntries([...paths].map(([path, item]) => [path, Object.fromEntries(item)]));
}

/** A value that stands twice in a path is two parameters to OpenAPI. */
function distinct(holes: readonly UrlHole[]): readonly UrlHole[] {
  const seen = new Set<string>();
  return holes.map((hole) => {
    let { name } = hole;
    while (seen.has(name)) name += "_";
    seen.add(name);
    return { ...hole, name };
  });
}

function operationObject(operation: Operation, holes: readonly UrlHole[], parts: Parts): JsonObject {
  const { ir, bundle, security, origin } = parts;
  const { id, summary, description, tags, deprecated, exchange } = operation;
  const parameters = parametersOf(operation, holes, ir, bundle);
  const requestBody = requestBodyOf(operation, ir, bundle);
  const own = exchange.url.origin;
  return {
    operationId: id,
    summary,
    ...(description === undefined ? {} : { description }),
    ...(tags.length > 0 ? { tags } : {}),
    ...(deprecated ? { deprecated } : {}),
    ...(JSON.stringify(own) === origin ? {} : { servers: [serverOf(own, ir)] }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(requestBody ? { requestBody } : {}),
    responses: responsesOf(operation, bundle),
    security: security.requirements(operation.auth),
  };
}

const mediaTypes: { readonly [T in ResponseType]: string } = {
  json: "application/json",
  jsonl: "application/x-ndjson",
  xml: "application/xml",
  csv: "text/csv",
  form: "application/x-www-form-urlencoded",
  text: "text/plain",
  binary: "application/octet-stream",
};

function responsesOf({ id, exchange }: Operation, bundle: SchemaBundle): JsonObject {
  const { type, schema, success_status } = exchange.response;
  const described = schema === undefined ? {} : { schema: bundle.convert(schema, id) };
  const success: JsonObject = {
    description: "The call succeeded.",
    ...(exchange.method === "HEAD" ? {} : { content: { [mediaTypes[type]]: described } }),
  };
  return {
    ...Object.fromEntries(success_status.flatMap(statusKeys).map((key) => [key, success])),
    default: { description: "The call failed." },
  };
}

/** `2XX` for a whole class, else each code. */
function statusKeys({ from, to }: StatusRange): readonly string[] {
  const keys: string[] = [];
  for (let status = from; status <= to; status++) {
    if (status % 100 === 0 && status + 99 <= to) {
      keys.push(`${status / 100}XX`);
      status += 99;
    } else keys.push(String(status));
  }
  return keys;
}
