import { describe, expect, it } from "vitest";
import { complete, deskWith, labels, taken } from "./support.ts";

describe("completion of keys", () => {
  it("offers the sections of an empty file", async () => {
    expect(await labels("‸")).toEqual(expect.arrayContaining(["metadata", "authentication", "operations"]));
    expect((await labels("‸"))[0]).toBe("metadata");
  });

  it("puts required keys first and leaves out those that are there", async () => {
    const offered = await labels("metadata:\n  name: Desk\n  ‸\nauthentication:\n  - type: none\n");
    expect(offered.slice(0, 3)).toEqual(["slug", "description", "publisher"]);
    expect(offered).not.toContain("name");
  });

  it("works on half a key that does not parse", async () => {
    expect(await labels(deskWith("    cost: 2\n", "    pag‸\n"))).toContain("pagination");
  });

  it("writes the skeleton of a map below its key, indented", async () => {
    const text = await taken(
      deskWith("    cost: 2\n", "    idem‸\n").replace(/ {4}idempotency:\n.*\n/, ""),
      "idempotency",
    );
    expect(text).toContain("\n    idempotency:\n      header: \n");
  });

  it("writes the skeleton of a list's item", async () => {
    expect(await taken("operations:\n  ‸\n", "- ")).toBe(
      'operations:\n  - operation_id: \n    endpoint: ""\n    summary: \n    auth_type_ref: \n',
    );
  });

  it("writes a flow map in a flow map", async () => {
    const text = await taken(
      deskWith("name: ticket_id\n        location: path", "{ name: x, lo‸ }"),
      "location",
    );
    expect(text).toContain("{ name: x, location: query }");
  });

  it("offers the keys of the kind that `type` names", async () => {
    const offered = await labels(deskWith("      max_pages: 20\n", "      ‸\n"));
    expect(offered).toContain("has_more_path");
    expect(offered).not.toContain("page_param");
  });

  it("replaces the name alone of a key that has a value", async () => {
    expect(await taken(deskWith("cost: 2", "co‸st: 2"), "timeout_ms")).toContain("    timeout_ms: 2\n");
  });

  it("offers the words of JSON Schema inside a schema, and nothing for names of properties", async () => {
    expect(await labels(deskWith("maxLength: 200", "max‸"))).toContain("maxLength");
    expect(await labels(deskWith("      id: { type: string }", "      ‸"))).toEqual([]);
  });

  it("completes keys in JSON, with their quotes and what follows", async () => {
    const json = '{\n  "metadata": { "name": "Desk", "‸" }\n}';
    expect(await taken(json, "slug")).toBe('{\n  "metadata": { "name": "Desk", "slug": "" }\n}');
    expect(await taken('{\n  "metadata": { "na‸\n}', "name")).toBe('{\n  "metadata": { "name": ""\n}');
  });

  it("offers nothing in a comment", async () => {
    expect(await complete(deskWith("cost: 2", "cost: 2 # co‸"))).toEqual([]);
  });
});

describe("completion of values", () => {
  it.each([
    [
      "the value of a list of choices",
      "method: GET",
      "method: ‸",
      ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
    ],
    [
      "profiles that are not named yet",
      "[api_key, login]",
      "[api_key, ‸]",
      ["login", "oauth2_client_credentials"],
    ],
    ["chains", "credential_chain_id: login_chain", "credential_chain_id: ‸", ["login_chain"]],
    ["limits by name and scope", "rate_limit_scope: reads", "rate_limit_scope: ‸", ["per_account", "reads"]],
    ["scopes", "default_scopes: [read]", "default_scopes: [‸]", ["read", "write"]],
    [
      "extracts of the last step",
      "final_credential_name: access",
      "final_credential_name: ‸",
      ["access", "expires_in"],
    ],
    [
      "parameters that paging may set",
      "limit_param: page_size",
      "limit_param: ‸",
      ["status", "page_size", "trace"],
    ],
    ["parameters of the mapped operation", "status: state", "‸", ["status", "page_size", "trace"]],
    [
      "operations of a tool",
      "operation_id: create_ticket\n      mcp",
      "operation_id: ‸\n      mcp",
      ["list_tickets", "get_ticket", "create_ticket"],
    ],
  ])("offers %s", async (_what, there, here, expected) => {
    expect(await labels(deskWith(there, here))).toEqual(expected);
  });

  it("puts the quotes that a value needs, and none inside quotes", async () => {
    const there =
      'auth_type_ref: api_key\n    parameters:\n      - name: ticket_id\n        location: path\n        required: true\n    response_schema: { $ref: "#/schemas/Ticket" }';
    const open = deskWith(there, "auth_type_ref: api_key\n    response_schema: { $ref: ‸ }");
    expect(await taken(open, "#/schemas/Ticket")).toContain('{ $ref: "#/schemas/Ticket" }');
    const quoted = deskWith(there, 'auth_type_ref: api_key\n    response_schema: { $ref: "‸" }');
    expect(await taken(quoted, "#/schemas/Ticket")).toContain('{ $ref: "#/schemas/Ticket" }');
  });

  it("adds the blank that is missing behind a colon", async () => {
    expect(await taken(deskWith("method: GET", "method:‸"), "GET")).toContain("    method: GET\n");
  });

  it("quotes values in JSON", async () => {
    expect(await taken('{ "authentication": [ { "type": ‸ } ] }', "bearer")).toBe(
      '{ "authentication": [ { "type": "bearer" } ] }',
    );
  });
});

describe("completion in templates", () => {
  it("offers what is in scope, and functions, in a hole that is not closed", async () => {
    const source = deskWith('"/tickets/{ticket_id}"', '"/tickets/{‸');
    expect((await labels(source)).slice(0, 3)).toEqual(["ticket_id", "region", "email"]);
    expect(await labels(source)).toContain("base64");
    expect(await taken(source, "ticket_id")).toContain('endpoint: "/tickets/{ticket_id}"\n');
  });

  it("keeps what an editor has closed", async () => {
    expect(await taken(deskWith("{ticket_id}", "{ti‸}"), "ticket_id")).toContain('"/tickets/{ticket_id}"\n');
  });

  it("offers a step the extracts of earlier steps alone", async () => {
    const offered = await labels(deskWith("{session_id}", "{‸}"));
    expect(offered).toContain("session_id");
    expect(offered).not.toContain("access");
  });

  it("offers no parameter bare where credentials are placed", async () => {
    const source = deskWith("    cost: 2\n", '    auth_headers: { X-Who: "{‸}" }\n');
    expect(await labels(source)).toContain("params.subject");
    expect(await labels(source)).not.toContain("subject");
  });

  it("follows a qualifier", async () => {
    expect(await labels(deskWith("{session_id}", "{chain.‸}"))).toEqual([
      "chain.session_id",
      "chain.session.",
    ]);
  });

  it("puts braces around a name that is an argument", async () => {
    expect(await taken(deskWith("{base64({email}:{api_key})}", "{base64(‸)}"), "email")).toContain(
      "{base64({email})}",
    );
  });

  it("offers nothing in plain text", async () => {
    expect(await complete(deskWith('"/tickets/{ticket_id}"', '"/tick‸ets/{ticket_id}"'))).not.toContainEqual(
      expect.objectContaining({ kind: "variable" }),
    );
  });
});

describe("completion in a large document", () => {
  const filler = Array.from(
    { length: 1500 },
    (_, index) => `  - operation_id: spare_${index}
    endpoint: /spare
    summary: Spare
    auth_type_ref: api_key
    parameters:
      - name: nothing_${index}
        location: query
`,
  ).join("");
  const large = (there: string, here: string): string =>
    deskWith(there, here).replace("operations:\n", `operations:\n${filler}`);

  it("replaces the same text as in a small one", async () => {
    const text = await taken(large("method: GET", "method: ‸"), "GET");
    expect(text).toBe(large("method: GET", "method: GET"));
    expect(await labels(large("{ticket_id}", "{ti‸}"))).toContain("ticket_id");
    expect(await labels(large("{ticket_id}", "{ti‸}"))).not.toContain("nothing_7");
  });

  it("knows the names of all operations, and the parameters of the mapped one", async () => {
    const offered = await labels(
      large("operation_id: create_ticket\n      mcp", "operation_id: ‸\n      mcp"),
    );
    expect(offered).toContain("spare_1499");
    expect(offered).toContain("list_tickets");
    expect(await labels(large("status: state", "‸"))).toEqual(["status", "page_size", "trace"]);
  });

  it("offers parameters in a hole of an endpoint where they may stand", async () => {
    const endpoint = (text: string) =>
      labels(
        deskWith(
          "- name: ticket_id\n        location: path\n        required: true\n",
          "- name: ticket_id\n        location: path\n        required: true\n      - name: fields\n        location: query\n",
        ).replace('"/tickets/{ticket_id}"', () => text),
      );
    expect((await endpoint('"/tickets/{‸}"')).slice(0, 2)).toEqual(["ticket_id", "region"]);
    expect(await endpoint('"/tickets/{ticket_id}/{params.‸}"')).toEqual(["params.ticket_id"]);
    expect(await endpoint('"/tickets/{ticket_id}?fields={‸}"')).toContain("fields");
    const host = await endpoint('"https://{‸}/tickets/{ticket_id}"');
    expect(host).toContain("region");
    expect(host).not.toContain("ticket_id");
  });

  it("knows the names of all schemas", async () => {
    const schemas = Array.from({ length: 40 }, (_, index) => `  Spare${index}:\n    type: object\n`).join("");
    const source = large('response_schema: { $ref: "#/schemas/Ticket" }', 'response_schema: { $ref: "‸" }');
    const offered = await labels(source.replace("schemas:\n", `schemas:\n${schemas}`));
    expect(offered).toContain("#/schemas/Spare39");
    expect(offered).toContain("#/schemas/Ticket");
  });
});
