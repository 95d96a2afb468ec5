/** Changes judged by hand from what they do to callers, connections, agents and readers of answers. */
import { expect, it } from "vitest";
import type { Level } from "../../../compiler/diff/change.ts";
import { type Edit, rich } from "./cases.ts";
import { diffTexts, swapped } from "./support.ts";

type Floor = Level | "none";

/** A change of something, its floor there and back, and the edits that make it. */
type Judged = readonly [what: string, there: Floor, back: Floor, ...edits: Edit[]];

const ticket = "      subject: { type: string, maxLength: 200 }\n";
const answer = "        tickets: { type: array";
const status = "schema: { enum: [open, closed] }";
const statusParameter = "        default_value: open\n        schema: { enum: [open, closed] }\n";
const inTicket = (by: string): Edit => [ticket, `      subject: ${by}\n`];

const judged: readonly Judged[] = [
  // what callers give
  [
    "an optional parameter that comes",
    "minor",
    "major",
    ["      - name: trace\n", "      - { name: lang, location: query }\n      - name: trace\n"],
  ],
  [
    "a required parameter that comes",
    "major",
    "major",
    [
      "      - name: trace\n",
      "      - { name: lang, location: query, required: true }\n      - name: trace\n",
    ],
  ],
  [
    "a required parameter with a default",
    "minor",
    "major",
    [
      "      - name: trace\n",
      "      - { name: lang, location: query, default_value: en }\n      - name: trace\n",
    ],
  ],
  [
    "a parameter that becomes required",
    "major",
    "minor",
    ["        wire_name: X-Trace\n", "        wire_name: X-Trace\n        required: true\n"],
  ],
  ["an enum with a value more", "minor", "major", [status, "schema: { enum: [open, closed, held] }"]],
  ["an enum in another order", "patch", "patch", [status, "schema: { enum: [closed, open] }"]],
  ["an enum that opens", "minor", "major", [statusParameter, "        default_value: open\n"]],
  ["an enum that becomes a pattern", "major", "major", [status, "schema: { pattern: '^(open|closed)$' }"]],
  [
    "a maximum that comes",
    "major",
    "minor",
    ["        default_value: 50\n", "        default_value: 50\n        schema: { maximum: 100 }\n"],
  ],
  [
    "an integer that takes any number",
    "minor",
    "major",
    ["        body_path: fields.priority\n", "        body_path: fields.priority2\n"],
    ["        field_type: integer\n        body_path", "        field_type: number\n        body_path"],
  ],
  ["another default", "major", "major", ["        default_value: 50\n", "        default_value: 25\n"]],
  ["another wire name", "minor", "minor", ["wire_name: X-Trace", "wire_name: X-Request-Id"]],
  ["another name", "major", "major", ["      - name: trace\n", "      - name: request_id\n"]],
  ["another place in the body", "minor", "minor", ["fields.priority", "fields.urgency"]],
  ["a description", "patch", "patch", ["description: A pin.", "description: The pin."]],
  [
    "a secret parameter that is none",
    "major",
    "minor",
    [
      "        field_type: secret\n        description: A pin.",
      "        field_type: string\n        description: A pin.",
    ],
  ],

  // what readers get
  ["a property that comes", "minor", "major", [ticket, `${ticket}      owner: { type: string }\n`]],
  [
    "a property that is always there now",
    "minor",
    "major",
    ["    required: [id]\n", "    required: [id, subject]\n"],
  ],
  ["a property that may be null", "major", "minor", inTicket('{ type: [string, "null"], maxLength: 200 }')],
  [
    "null by anyOf",
    "major",
    "minor",
    inTicket('{ anyOf: [{ type: string, maxLength: 200 }, { type: "null" }] }'),
  ],
  [
    "a text that is a number",
    "major",
    "major",
    ["      id: { type: string }\n", "      id: { type: number }\n"],
  ],
  ["a text that may be longer", "major", "minor", inTicket("{ type: string, maxLength: 300 }")],
  ["a text of a closed set", "minor", "major", inTicket("{ type: string, maxLength: 200, enum: [a, b] }")],
  ["the same by allOf", "patch", "patch", inTicket("{ allOf: [{ type: string }, { maxLength: 200 }] }")],
  [
    "the same through a reference",
    "minor",
    "minor",
    inTicket('{ $ref: "#/schemas/Text" }'),
    ["schemas:\n", "schemas:\n  Text: { type: string, maxLength: 200 }\n"],
  ],
  ["a title", "patch", "patch", inTicket("{ type: string, maxLength: 200, title: Subject }")],
  [
    "an answer that is closed",
    "minor",
    "major",
    ["    required: [id]\n", "    required: [id]\n    additionalProperties: false\n"],
  ],
  ["a list with a least length", "minor", "major", [answer, "        tickets: { minItems: 1, type: array"]],
  [
    "records from another place",
    "major",
    "major",
    ['records_path: "$.tickets"', 'records_path: "$.items"'],
    [answer, "        items: { type: array"],
  ],
  [
    "a status that is a success",
    "minor",
    "major",
    ["success_status: [200, 202]", "success_status: [200, 201, 202]"],
  ],
  ["statuses in another order", "none", "none", ["success_status: [200, 202]", "success_status: [202, 200]"]],
  ["statuses as a range", "none", "none", ["success_status: [200, 202]", 'success_status: ["200-200", 202]']],
  [
    "an answer as text",
    "major",
    "major",
    [
      "response: { success_status: [200, 202], type: json }",
      "response: { success_status: [200, 202], type: text }",
    ],
  ],
  ["an error code by another name", "major", "major", ["code: no_tickets", "code: none_found"]],

  // operations and where they go
  [
    "an operation that is deprecated",
    "minor",
    "patch",
    ["    summary: List people\n", "    summary: List people\n    deprecated: true\n"],
  ],
  [
    "an operation with another id",
    "major",
    "major",
    ["operation_id: list_people", "operation_id: list_persons"],
  ],
  ["another method", "major", "major", ["    method: GET\n", "    method: POST\n"]],
  ["another path", "minor", "minor", ["endpoint: /people", "endpoint: /persons"]],
  ["another origin", "major", "major", ["endpoint: /people", "endpoint: https://people.example.org/people"]],
  [
    "a base URL on another host",
    "major",
    "major",
    ["{region}.desk.example.com/api", "{region}.desk.example.org/api"],
  ],
  ["a base URL with another path", "minor", "minor", ["desk.example.com/api", "desk.example.com/v2"]],
  ["another fixed query", "minor", "minor", ["query: { sort: name }", "query: { sort: id }"]],
  ["a shorter deadline", "minor", "patch", ["timeout_ms: 1000", "timeout_ms: 900"]],
  [
    "an operation that destroys",
    "major",
    "minor",
    ["    summary: Create a ticket\n", "    summary: Create a ticket\n    destructive: true\n"],
  ],

  // signing in
  ["a profile less", "major", "minor", ["auth_type_ref: [api_key, login]", "auth_type_ref: [api_key]"]],
  [
    "another order of profiles",
    "minor",
    "minor",
    ["auth_type_ref: [api_key, login]", "auth_type_ref: [login, api_key]"],
  ],
  ["a scope more to ask for", "major", "minor", ["default_scopes: [read]", "default_scopes: [read, write]"]],
  [
    "a scope more to choose from",
    "minor",
    "minor",
    ["scopes: [read, write]", "scopes: [read, write, admin]"],
  ],
  [
    "a token URL on another host",
    "major",
    "major",
    ["token_url: https://auth.example.com/token", "token_url: https://auth.example.net/token"],
  ],
  [
    "a host that may get credentials",
    "major",
    "major",
    ["allowed_hosts: [files.example.com]", "allowed_hosts: [files.example.com, cdn.example.com]"],
  ],
  [
    "a credential that must be given",
    "major",
    "major",
    ["      - key: email\n", "      - { key: site, label: Site }\n      - key: email\n"],
  ],
  [
    "a credential that may be given",
    "minor",
    "major",
    ["      - key: email\n", "      - { key: site, label: Site, required: false }\n      - key: email\n"],
  ],
  ["a label", "patch", "patch", ["label: Email", "label: Mail"]],

  // paging and limits
  ["fewer pages", "major", "minor", ["max_pages: 20", "max_pages: 10"]],
  ["no pages", "major", "minor", ["    pagination: { type: page, page_size: 10, limit_param: size }\n", ""]],
  [
    "another kind of paging",
    "major",
    "major",
    [
      "pagination: { type: page, page_size: 10, limit_param: size }",
      "pagination: { type: offset, page_size: 10, limit_param: size }",
    ],
  ],
  [
    "a cursor elsewhere",
    "minor",
    "major",
    ['cursor_path: "$.next"', 'cursor_path: "$.cursor"'],
    ["        next: {", "        cursor: { type: string }\n        next: {"],
  ],
  ["a larger page", "minor", "minor", ["page_size: 10", "page_size: 20"]],
  ["a lower limit", "minor", "patch", ["limit: 100\n", "limit: 50\n"]],
  ["a call that costs more", "minor", "minor", ["    cost: 2\n", "    cost: 3\n"]],

  // tools
  [
    "a tool with another name",
    "major",
    "major",
    ["mcp_tool_name: search_tickets", "mcp_tool_name: find_tickets"],
  ],
  ["words of a tool", "patch", "patch", ["Search tickets by status.", "Searches tickets by status."]],
  ["another name of a tool's parameter", "major", "major", ["status: state", "status: phase"]],

  // settings
  ["a setting with a value less", "major", "minor", ["enum: [eu, us]", "enum: [eu]"]],
  [
    "a setting that must be given",
    "major",
    "major",
    ["connection_config:\n", "connection_config:\n  - { key: site, label: Site }\n"],
  ],

  // nothing
  ["comments and layout", "none", "none", ["authentication:\n", "# profiles\n\nauthentication:\n"]],
  ["a version alone", "none", "none", ["version: 1.0.0", "version: 1.0.1"]],
];

it.each(judged)("judges %s: %s there, %s back", async (_what, there, back, ...edits) => {
  const now = (edits as readonly Edit[]).reduce((text, [find, put]) => swapped(text, find, put), rich);
  const [to, from] = [await diffTexts(rich, now), await diffTexts(now, rich)];
  const told = { there: to.floor ?? "none", back: from.floor ?? "none" };
  expect(told, JSON.stringify([to.changes, from.changes].map((all) => all.map(({ rule }) => rule)))).toEqual({
    there,
    back,
  });
});

it("tells an entry that loses its equals sign", async () => {
  const entry = (query: string) => swapped(rich, "endpoint: /people", `endpoint: "/people?${query}"`);
  const { changes } = await diffTexts(entry("all="), entry("all"));
  expect(changes.map(({ rule, message }) => [rule, message])).toEqual([
    ["diff/request-entry-changed", "`list_people`: the query entry `all` changed from `` to `(no value)`."],
  ]);
});
