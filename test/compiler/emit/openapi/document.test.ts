import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { compileText } from "../../../../compiler/compile.ts";
import { openApiDocument } from "../../../../compiler/emit/openapi/document.ts";
import { emitOpenApi } from "../../../../compiler/emit/openapi/index.ts";
import type { Connector } from "../../../../schema/ir.ts";
import { shipped, shippedIr } from "../../../descriptors/shipped.ts";
import { connector, operation } from "../support/ir.ts";

const descriptor = `
metadata: { name: Ticket Desk, slug: ticket-desk, description: Tickets of a desk., publisher: Example, version: 2.1.0 }
base_url: "https://{domain}.example.com/api"
connection_config:
  - { key: domain, label: Domain, example: acme, description: "Your subdomain." }
authentication:
  - type: api_key
    fields:
      - { key: email, label: Email }
      - { key: api_token, label: Token, field_type: secret, secret: true }
  - type: bearer
    fields: [{ key: token, label: Token, field_type: secret, secret: true }]
schemas:
  Ticket:
    type: object
    required: [id]
    properties:
      id: { type: integer }
      parent: { $ref: "#/schemas/Ticket" }
operations:
  - operation_id: list_tickets
    endpoint: /tickets
    summary: Lists tickets
    headers: { X-Version: "2" }
    auth_type_ref: [api_key, bearer]
    auth_headers: { Authorization: "Basic {base64({email}:{api_token})}" }
    parameters:
      - { name: status, location: query, description: "Which ones.", schema: { enum: [open, closed] } }
      - { name: tags, location: query, field_type: array, style: form, explode: false, schema: { deprecated: true } }
    response_schema: { type: array, items: { $ref: "#/schemas/Ticket" } }
  - operation_id: get_ticket
    endpoint: /tickets/{ticket_id}
    summary: Reads a ticket
    auth_type_ref: bearer
    auth_headers: { Authorization: "Bearer {token}" }
    parameters: [{ name: ticket_id, location: path, field_type: integer }]
    response_schema: { $ref: "#/schemas/Ticket" }
  - operation_id: rename_ticket
    endpoint: /tickets/{id}
    method: PATCH
    summary: Renames a ticket
    auth_type_ref: bearer
    auth_headers: { Authorization: "Bearer {token}" }
    parameters:
      - { name: id, location: path, field_type: integer }
      - { name: title, location: body, required: true }
      - { name: note, location: body }
`;

async function documentOf(yaml: string): Promise<Record<string, unknown>> {
  const { connectors, diagnostics } = await compileText(yaml);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const [only] = connectors;
  if (!only) throw new Error("no connector");
  return plain(only.ir);
}

function plain(ir: Connector): Record<string, unknown> {
  return JSON.parse(JSON.stringify(openApiDocument(ir)));
}

/**
 * What OpenAPI 3.1 demands beyond the shapes that the tests name: every schema is one of JSON Schema 2020-12, every
 * reference leads somewhere, a path and its parameters agree, and no parameter, operation or scheme stands twice.
 * (`bench/build.ts --peers` has foreign validators judge the same documents.)
 */
function faults(document: Record<string, unknown>): string[] {
  const found: string[] = [];
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const visit = (value: unknown, at: string): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const place = `${at}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      if (key === "$ref" && typeof inner === "string" && resolved(document, inner) === undefined)
        found.push(`${place} leads nowhere: ${inner}`);
      if (key === "schema" && !at.endsWith("/properties"))
        if (!ajv.validateSchema(inner as object)) found.push(`${place}: ${ajv.errorsText()}`);
      visit(inner, place);
    }
  };
  visit(document, "");
  const schemes = (document.components as { securitySchemes: object }).securitySchemes;
  for (const [path, item] of Object.entries(document.paths ?? {}))
    for (const [method, one] of Object.entries<Operation>(item)) {
      const holes = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name);
      const given = (one.parameters ?? []).filter((parameter) => parameter.in === "path");
      const keys = (one.parameters ?? []).map((parameter) => `${parameter.in} ${parameter.name}`);
      if (holes.join() !== given.map(({ name }) => name).join() || new Set(holes).size !== holes.length)
        found.push(`${method} ${path} has the path parameters ${given.map(({ name }) => name)}`);
      if (new Set(keys).size !== keys.length) found.push(`${method} ${path} has a parameter twice`);
      for (const name of one.security.flatMap(Object.keys))
        if (!Object.hasOwn(schemes, name)) found.push(`${method} ${path} needs the unknown scheme ${name}`);
    }
  return found;
}

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly security: readonly object[];
}

function resolved(document: Record<string, unknown>, reference: string): unknown {
  let at: unknown = document;
  for (const part of reference.slice(2).split("/"))
    at =
      typeof at === "object" && at !== null
        ? Object.entries(at).find(([key]) => key === part)?.[1]
        : undefined;
  return at;
}

describe("the OpenAPI document of a connector", () => {
  it("lets flags and names without a value be empty", async () => {
    const document = await documentOf(
      descriptor
        .replace("endpoint: /tickets\n", 'endpoint: "/tickets?raw"\n')
        .replace(
          "      - { name: tags,",
          "      - { name: all, location: query, field_type: boolean, style: flag }\n      - { name: tags,",
        ),
    );
    expect(faults(document)).toEqual([]);
    const { parameters } = (document.paths as Record<string, Record<string, { parameters: object[] }>>)[
      "/api/tickets"
    ]?.get ?? { parameters: [] };
    expect(parameters).toContainEqual({
      name: "raw",
      in: "query",
      required: true,
      allowEmptyValue: true,
      schema: { type: "string", const: "" },
    });
    expect(parameters).toContainEqual({
      name: "all",
      in: "query",
      allowEmptyValue: true,
      schema: { type: "boolean" },
    });
  });

  it("says where its calls go, what they take and what they answer", async () => {
    const document = await documentOf(descriptor);
    expect(faults(document)).toEqual([]);
    expect(document).toMatchObject({
      openapi: "3.1.1",
      info: { title: "Ticket Desk", version: "2.1.0" },
      servers: [
        {
          url: "https://{domain}.example.com",
          description: "`domain`: Your subdomain.",
          variables: { domain: { default: "acme" } },
        },
      ],
      components: {
        schemas: { Ticket: { properties: { parent: { $ref: "#/components/schemas/Ticket" } } } },
        securitySchemes: {
          api_key: { type: "http", scheme: "basic" },
          bearer: { type: "http", scheme: "bearer" },
        },
      },
    });
    expect(document.paths).toMatchObject({
      "/api/tickets": {
        get: {
          operationId: "list_tickets",
          parameters: [
            { name: "status", in: "query", description: "Which ones.", schema: { enum: ["open", "closed"] } },
            { name: "tags", in: "query", explode: false, deprecated: true, schema: { type: "array" } },
            { name: "X-Version", in: "header", required: true, schema: { const: "2" } },
          ],
          responses: {
            "2XX": {
              content: {
                "application/json": {
                  schema: { type: "array", items: { $ref: "#/components/schemas/Ticket" } },
                },
              },
            },
          },
        },
      },
    });
  });

  it("calls a path's parameters alike in all its operations, and says which fields of a body are due", async () => {
    const { paths } = await documentOf(descriptor);
    expect(paths).toMatchObject({
      "/api/tickets/{ticket_id}": {
        get: { parameters: [{ name: "ticket_id", in: "path", required: true, schema: { type: "integer" } }] },
        patch: {
          parameters: [{ name: "ticket_id", in: "path", required: true }],
          requestBody: {
            required: true,
            content: {
              "application/json": {
                schema: {
                  type: "object",
                  required: ["title"],
                  properties: { title: { type: "string" }, note: { type: "string" } },
                },
              },
            },
          },
        },
      },
    });
  });

  it("keeps operations that share a path and a method", () => {
    const url = {
      origin: { kind: "literal", origin: "https://x.test" },
      path: { parts: ["/graphql"] },
    } as const;
    const ids = ["list_issues", "list_users"];
    const document = plain(connector({ operations: ids.map((id) => operation(id, { exchange: { url } })) }));
    expect(Object.keys(document.paths ?? {})).toEqual(["/graphql", "/graphql#list_users"]);
    expect(faults(document)).toEqual([]);
  });

  it("names what is defined inside a schema after its operation, and writes null as JSON Schema does", () => {
    const document = plain(
      connector({
        operations: [
          operation("read", {
            schema: {
              type: "object",
              properties: { at: { $ref: "#/$defs/At" }, note: { type: "string", nullable: true } },
              $defs: { At: { type: "object", properties: { next: { $ref: "#/$defs/At" } } } },
            },
          }),
        ],
      }),
    );
    expect(faults(document)).toEqual([]);
    expect(document).toMatchObject({
      components: {
        schemas: { read_At: { properties: { next: { $ref: "#/components/schemas/read_At" } } } },
      },
    });
    expect(JSON.stringify(document.paths)).toContain('"note":{"type":["string","null"]}');
    expect(JSON.stringify(document)).not.toContain("$defs");
  });

  it.each(shipped)(
    "is valid for %s, has every operation once, and refers to nothing that is not there",
    async (name) => {
      const ir = await shippedIr(name);
      const document = plain(ir);
      expect(faults(document)).toEqual([]);
      const text = JSON.stringify(document);
      const ids = [...text.matchAll(/"operationId":"([^"]*)"/g)].map(([, id]) => id);
      expect(ids.sort()).toEqual(ir.operations.map(({ id }) => id).sort());
      const { schemas } = document.components as { schemas: object };
      for (const [, target = ""] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]*)"/g))
        expect(Object.keys(schemas)).toContain(target);
      const [file] = await emitOpenApi(ir);
      expect(JSON.parse(file?.text ?? "")).toEqual(document);
    },
  );
});
