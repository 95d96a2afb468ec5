import { describe, expect, it } from "vitest";
import { compileText } from "../../../../compiler/compile.ts";
import { emitTypeScript } from "../../../../compiler/emit/typescript/index.ts";
import { declarationOf, fileOf, typeErrors } from "../support/type-check.ts";

const descriptor = `
metadata:
  name: Ticket Desk
  slug: ticket-desk
  description: Tickets of a desk, by page.
  publisher: Example
authentication:
  - type: api_key
    fields:
      - { key: email, label: Email }
      - { key: api_token, label: Token, field_type: secret, secret: true }
connection_config:
  - { key: domain, label: Domain, pattern: "[a-z0-9-]+" }
schemas:
  Ticket:
    type: object
    required: [id]
    properties:
      id: { type: integer, format: int64 }
      parent: { $ref: "#/schemas/Ticket" }
operations:
  - operation_id: list_tickets
    endpoint: "https://{domain}.example.com/tickets"
    summary: Lists tickets
    auth_type_ref: api_key
    auth_headers: { Authorization: "Basic {base64({email}:{api_token})}" }
    parameters:
      - { name: status, location: query, schema: { enum: [open, closed] } }
      - { name: offset, location: query, field_type: integer, default_value: 0 }
    pagination: { type: offset, offset_param: offset, total_path: $.total }
    response: { records_path: $.tickets }
    response_schema:
      type: object
      required: [tickets, total]
      properties:
        tickets: { type: array, items: { $ref: "#/schemas/Ticket" } }
        total: { type: integer }
  - operation_id: get_ticket
    endpoint: "https://{domain}.example.com/tickets/{ticket_id}"
    summary: Reads a ticket
    auth_type_ref: api_key
    auth_headers: { Authorization: "Basic {base64({email}:{api_token})}" }
    parameters:
      - { name: ticket_id, location: path, field_type: integer }
    response_schema: { $ref: "#/schemas/Ticket" }
`;

const caller = `
import { createTicketDesk } from "CLIENT";
const desk = createTicketDesk({ profile: "api_key", credentials: { email: "e", api_token: "t" }, config: { domain: "acme" } });
for await (const { id, parent } of desk.listTickets({ status: "open" })) await desk.getTicket({ ticket_id: Number(parent?.id ?? id) });
export const total: number = (await desk.listTickets()).total;
await desk.close();
`;

const zoo = `
metadata: { name: The Zoo, slug: the-zoo, description: Animals and who keeps them., publisher: Example }
base_url: https://zoo.example.com
authentication: [{ type: bearer }]
schemas:
  Base: { type: object, required: [kind, keeper], properties: { id: { type: string, readOnly: true }, kind: { type: string }, name: { type: [string, "null"] }, keeper: { $ref: "#/schemas/Keeper" } } }
  Keeper: { allOf: [{ type: object, properties: { badge: { type: integer } } }], required: [badge] }
  Cat: { allOf: [{ $ref: "#/schemas/Base" }, { type: object, required: [lives], properties: { lives: { type: integer } } }], required: [id, name] }
  Dog: { allOf: [{ $ref: "#/schemas/Base" }] }
  Animal:
    oneOf: [{ $ref: "#/schemas/Cat" }, { $ref: "#/schemas/Dog" }]
    discriminator: { propertyName: kind, mapping: { cat: "#/schemas/Cat", dog: "#/schemas/Dog" } }
operations:
  - operation_id: add
    endpoint: /animals
    method: POST
    summary: Add an animal
    auth_type_ref: bearer
    parameters: [{ name: animal, location: body, field_type: object, required: true, schema: { $ref: "#/schemas/Animal" } }]
    response_schema: { $ref: "#/schemas/Cat" }
`;

/** The calls that a client's README shows, as a program. */
function shownCalls(readme: string): string {
  const calls = [...readme.matchAll(/```ts\n(?!import)([^`]*)\n```/g)].map(
    ([, call]) => `{ ${call} void data; }`,
  );
  return `import type { TheZoo } from "CLIENT";\nexport async function run(client: TheZoo): Promise<object> {\n${calls.join("\n")}\n`;
}

describe("from schemas that are made of others", () => {
  it("come calls in the README that compile, and types that ask for what is required of the whole", async () => {
    const { connectors } = await compileText(zoo);
    const files = (await Promise.all(connectors.map(({ ir }) => emitTypeScript(ir)))).flat();
    const calls = shownCalls(fileOf(files, "README.md"));
    expect(calls).toContain(
      'client.add({ animal: { kind: "cat", name: "…", keeper: { badge: 1 }, lives: 1 } })',
    );
    const cat = 'animal: { kind: "cat", lives: 9, keeper: { badge: 1 }';
    const more = `
  // @ts-expect-error: a cat has a name, if only null
  await client.add({ ${cat} } });
  // @ts-expect-error: not a text
  await client.add({ ${cat}, name: 1 } });
  // @ts-expect-error: the server numbers them
  await client.add({ ${cat}, name: null, id: "7" } });
  await client.add({ ${cat}, name: null } });
  const { id, name } = await client.add({ animal: { kind: "dog", keeper: { badge: 1 } } });
  return { id, name } satisfies { id: string; name: string | null };
}`;
    expect(typeErrors(files, calls + more)).toEqual([]);
  });
});

describe("from a descriptor", () => {
  it("comes a client whose calls compile", async () => {
    const { connectors, diagnostics } = await compileText(descriptor);
    expect(diagnostics).toEqual([]);
    const files = (await Promise.all(connectors.map(({ ir }) => emitTypeScript(ir)))).flat();
    expect(typeErrors(files, caller)).toEqual([]);
    expect(declarationOf(fileOf(files, "types.ts"), "GetTicketParams")).toBe(
      "export interface GetTicketParams {\n  ticket_id: number | bigint;\n}",
    );
  });
});
