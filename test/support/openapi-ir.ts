/** Operations of OpenAPI documents as IR, as far as tools are made of them: parameters, bodies, answers, shared schemas. */
import type { Connector, Json, JsonObject, JsonSchema, Operation, Parameter } from "../../schema/ir.ts";
import { operation } from "../compiler/emit/support/ir.ts";

type Node = { readonly [key: string]: unknown };

const methods = ["get", "head", "post", "put", "patch", "delete"];

/** All operations of the document (OpenAPI 3), and its schemas under the same names. */
export function openApiIr(document: Node): Pick<Connector, "operations" | "schemas"> {
  const schemas = mapOf(mapOf(document.components).schemas);
  const paths = Object.entries(mapOf(document.paths));
  return {
    schemas: Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, local(schema)])),
    operations: paths.flatMap(([path, item]) =>
      methods.flatMap((method) => {
        const own = mapOf(item)[method];
        return own === undefined ? [] : [operationOf(document, path, method, mapOf(item), mapOf(own))];
      }),
    ),
  };
}

function operationOf(document: Node, path: string, method: string, item: Node, own: Node): Operation {
  const listed = [...listOf(item.parameters), ...listOf(own.parameters)].map((one) =>
    resolved(document, one),
  );
  const body = bodySchema(document, own);
  const answer = answerSchema(document, own);
  const isWrite = method !== "get" && method !== "head";
  return operation(String(own.operationId ?? `${method} ${path}`), {
    summary: String(own.summary ?? `${method} ${path}`),
    ...(typeof own.description === "string" ? { description: own.description } : {}),
    parameters: [...listed.map(parameterOf), ...bodyParameters(document, body)],
    side_effecting: isWrite,
    ...(answer === undefined ? {} : { schema: answer }),
  });
}

function parameterOf(given: Node): Parameter {
  return {
    name: String(given.name),
    wire_name: String(given.name),
    location: given.in === "path" || given.in === "header" ? given.in : "query",
    type: "json",
    required: given.required === true,
    secret: false,
    ...(given.schema === undefined ? {} : { schema: local(given.schema) }),
    ...(typeof given.description === "string" ? { description: given.description } : {}),
  };
}

/** The members of a body of an object, else the body as one. */
function bodyParameters(document: Node, body: unknown): readonly Parameter[] {
  if (body === undefined) return [];
  const whole = resolved(document, body);
  const required = listOf(whole.required);
  const members = whole.type === "object" ? Object.entries(mapOf(whole.properties)) : [];
  const entries = members.length > 0 ? members : [["body", body] as const];
  return entries.map(([name, schema]) => ({
    name,
    wire_name: name,
    location: "body",
    type: "json",
    required: required.includes(name),
    secret: false,
    schema: local(schema),
  }));
}

function bodySchema(document: Node, own: Node): unknown {
  const content = mapOf(resolved(document, own.requestBody).content);
  return mapOf(content["application/json"] ?? Object.values(content)[0]).schema;
}

function answerSchema(document: Node, own: Node): JsonSchema | undefined {
  const [, good] = Object.entries(mapOf(own.responses)).find(([code]) => code.startsWith("2")) ?? [];
  const schema = mapOf(mapOf(resolved(document, good).content)["application/json"]).schema;
  return schema === undefined ? undefined : local(schema);
}

function resolved(document: Node, node: unknown): Node {
  const map = mapOf(node);
  if (typeof map.$ref !== "string") return map;
  let at: unknown = document;
  for (const part of map.$ref.slice(2).split("/"))
    at = mapOf(at)[part.replaceAll("~1", "/").replaceAll("~0", "~")];
  return mapOf(at);
}

/** References into the document's schemas, as they are in the IR. */
function local(schema: unknown): JsonSchema {
  // A schema of a document that was read as JSON.
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', '"#/schemas/')) as JsonSchema;
}

function mapOf(value: unknown): Node {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Node) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Bytes of the tools as they are commonly made: each with the schemas that its input and output refer to. */
export function naiveBytes({ operations, schemas }: Pick<Connector, "operations" | "schemas">): number {
  return operations.reduce((sum, one) => sum + naiveTool(one, schemas), 0);
}

function naiveTool(one: Operation, schemas: Connector["schemas"]): number {
  const input = Object.fromEntries(one.parameters.map(({ name, schema }) => [name, schema ?? {}]));
  const output = one.exchange.response.schema ?? {};
  const seen = new Map<string, Json>();
  const texts = [one.id, one.description ?? one.summary, JSON.stringify(input), JSON.stringify(output)];
  const open = texts.slice(2);
  for (let text = open.pop(); text !== undefined; text = open.pop())
    for (const [, name = ""] of text.matchAll(/"#\/schemas\/([^"/]+)"/g)) {
      if (seen.has(name) || !Object.hasOwn(schemas, name)) continue;
      const schema: JsonSchema = schemas[name] ?? true;
      seen.set(name, schema);
      open.push(JSON.stringify(schema));
    }
  const shared: JsonObject = Object.fromEntries(seen);
  return Buffer.byteLength(texts.join("") + JSON.stringify(shared));
}
