/** What an editor shows of a client, by TypeScript's own language service. */
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { emitStandalone } from "../../../../compiler/emit/typescript/standalone/index.ts";
import { connectorOf } from "../support/small-client.ts";

const descriptor = `
metadata: { name: Desk, slug: desk, description: Tickets of a help desk., publisher: Example }
base_url: https://desk.example.com
authentication:
  - type: api_key
    fields:
      - { key: email, label: Email, example: ada@example.com }
      - { key: api_token, label: Token of the account, secret: true }
    auth_headers: { Authorization: "Basic {base64({email}:{api_token})}" }
  - { type: bearer, fields: [{ key: token, label: Token, secret: true }] }
operations:
  - operation_id: find_ticket
    endpoint: "/tickets/{id}"
    summary: Find a ticket
    description: Looks in the archive, too. Ends no comment with */ and begins no @tag.
    deprecated: true
    deprecated_message: Use get_ticket.
    auth_type_ref: [api_key, bearer]
    parameters:
      - { name: id, location: path, required: true, description: The number on the ticket., example: T-7 }
      - { name: depth, location: query, field_type: integer, default_value: 3 }
      - { name: sort, location: query, schema: { type: string, enum: [up, down], description: Which way., deprecated: true, examples: [up] } }
    response_schema:
      type: object
      required: [state]
      properties:
        state: { type: string, enum: [open, closed], description: Whether it is done., default: open, examples: [closed] }
`;

const home = fileURLToPath(new URL("../../../../", import.meta.url));
const files = new Map(
  (await emitStandalone(await connectorOf(descriptor))).map(({ path, text }) => [`/virtual/${path}`, text]),
);

/** Libraries are read once. */
const registry = ts.createDocumentRegistry();

/** The language service over the client and a program, in which `|` marks where the cursor is. */
function at(marked: string): { readonly service: ts.LanguageService; readonly position: number } {
  const program = marked.replace("|", "");
  const sources = new Map([...files, ["/virtual/main.ts", program]]);
  const host: ts.LanguageServiceHost = {
    getCompilationSettings: () => ({
      strict: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      lib: ["lib.es2023.d.ts"],
      types: [],
    }),
    getScriptFileNames: () => ["/virtual/main.ts"],
    getScriptVersion: (name) => (name === "/virtual/main.ts" ? program : "1"),
    getScriptSnapshot(name) {
      const text = sources.get(name) ?? ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => home,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (name) => sources.has(name) || ts.sys.fileExists(name),
    readFile: (name) => sources.get(name) ?? ts.sys.readFile(name),
  };
  return { service: ts.createLanguageService(host, registry), position: marked.indexOf("|") };
}

const begin = `import { createDesk, type FindTicketResponse } from "./desk/index.js";
declare const found: FindTicketResponse;
const desk = createDesk({ profile: "bearer", credentials: { token: "t" } });
`;

/** Documentation and tags of what stands at the mark. */
function hover(marked: string): { readonly text: string; readonly tags: object } {
  const { service, position } = at(begin + marked);
  const info = service.getQuickInfoAtPosition("/virtual/main.ts", position);
  return {
    text: ts.displayPartsToString(info?.documentation),
    tags: Object.fromEntries(
      (info?.tags ?? []).map(({ name, text }) => [name, ts.displayPartsToString(text)]),
    ),
  };
}

function completions(marked: string): readonly string[] {
  const { service, position } = at(begin + marked);
  const found = service.getCompletionsAtPosition("/virtual/main.ts", position, {})?.entries ?? [];
  return found.map(({ name }) => name).sort();
}

describe("an editor", () => {
  it("shows of a method its summary, its description, why it is deprecated, and a call", () => {
    const { text, tags } = hover('desk.find|Ticket({ id: "1" });');
    expect(text).toBe(
      "Find a ticket\n\nLooks in the archive, too. Ends no comment with *\\/ and begins no \\@tag.",
    );
    expect(tags).toEqual({
      deprecated: "Use get_ticket.",
      example: '```ts\nconst data = await client.findTicket({ id: "T-7" });\n```',
    });
  });

  it("shows of a parameter its description, default, example and deprecation, its schema's where it has none", () => {
    expect(hover('desk.findTicket({ i|d: "1" });')).toEqual({
      text: "The number on the ticket.",
      tags: { example: '"T-7"' },
    });
    expect(hover('desk.findTicket({ id: "1", de|pth: 2 });')).toEqual({
      text: "",
      tags: { defaultValue: "3" },
    });
    expect(hover('desk.findTicket({ id: "1", so|rt: "up" });')).toEqual({
      text: "Which way.",
      tags: { deprecated: "", example: '"up"' },
    });
  });

  it("shows of a member of an answer its description, default and example", () => {
    expect(hover("found.st|ate;")).toEqual({
      text: "Whether it is done.",
      tags: { defaultValue: '"open"', example: '"closed"' },
    });
  });

  it("completes profiles, and the credentials of the profile that was taken", () => {
    expect(completions('createDesk({ profile: "|" });')).toEqual(["api_key", "bearer"]);
    expect(completions('createDesk({ profile: "api_key", credentials: { | } });')).toEqual([
      "api_token",
      "email",
    ]);
    expect(completions('createDesk({ profile: "bearer", credentials: { | } });')).toEqual(["token"]);
  });

  it("completes parameters, their values, codes of errors and the members of a call", () => {
    expect(completions('desk.findTicket({ id: "1", | });')).toEqual(["depth", "sort"]);
    expect(completions('desk.findTicket({ id: "1", sort: "|" });')).toEqual(["down", "up"]);
    expect(completions('if (found.state === "|") {}')).toEqual(["closed", "open"]);
    expect(completions('desk.findTicket({ id: "1" }).|')).toEqual(
      expect.arrayContaining(["catch", "finally", "then", "withResponse"]),
    );
  });
});
