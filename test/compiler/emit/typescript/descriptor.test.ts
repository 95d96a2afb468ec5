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
