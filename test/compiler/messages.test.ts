/** What findings say beyond their place: the other end of a reference, where a name lives, what to write instead. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileText } from "../../compiler/compile.ts";

const base = readFileSync(new URL("../support/base.yaml", import.meta.url), "utf8");

async function told(find: string, put: string) {
  expect(base).toContain(find);
  const text = base.replace(find, () => put);
  const { diagnostics } = await compileText(text);
  const lines = text.split("\n");
  return diagnostics.map(({ message, help, label, suggestion, related = [] }) => ({
    message,
    help,
    label,
    suggestion: suggestion?.text,
    related: related.map(
      ({ message: words, range }) =>
        `${lines[range.start.line - 1]?.slice(range.start.column - 1, range.end.column - 1)}: ${words}`,
    ),
  }));
}

describe("a name that is not known at its place", () => {
  it("is shown where the near one is declared", async () => {
    expect(await told("{email}", "{emial}")).toMatchObject([
      {
        message: "`emial` is not declared.",
        label: "not known here",
        suggestion: "{email}",
        related: ["email: `email` is declared here"],
      },
    ]);
  });

  it.each([
    [
      "a parameter of another operation",
      "endpoint: /tickets\n    summary",
      'endpoint: "/tickets/{ticket_id}"\n    summary',
      "`ticket_id` is not declared here: it is a parameter of `get_ticket`.",
      "ticket_id: `ticket_id` is a parameter of `get_ticket`",
    ],
    [
      "a field of another profile",
      "X-Source: connector",
      'X-Source: "{email}"',
      "`email` is not declared here: it is a credential field of the profile `api_key`.",
      "email: `email` is a credential field of the profile `api_key`",
    ],
    [
      "an extract of a chain that is not used",
      "X-Source: connector",
      'X-Source: "{session_id}"',
      "`session_id` is not declared here: it is an extract of the step `session` of the chain `login_chain`.",
      "session_id: `session_id` is an extract of the step `session` of the chain `login_chain`",
    ],
  ])("is said to be %s", async (_, find, put, message, related) => {
    expect(await told(find, put)).toMatchObject([{ message, related: [related] }]);
  });

  it("comes with what is known there, the nearest first", async () => {
    expect(await told("X-Source: connector", 'X-Source: "{subjects_of}"')).toMatchObject([
      { help: expect.stringMatching(/^Known here: `subject`, /) },
    ]);
  });

  it("of a later step is shown where it is extracted", async () => {
    expect(await told('user: "{username}"', 'user: "{access}"')).toMatchObject([
      { related: ["access: `access` is extracted here"] },
    ]);
  });
});

describe("both ends of a reference are shown", () => {
  it.each([
    [
      "a chain",
      "credential_chain_id: login_chain",
      "credential_chain_id: login_chan",
      "login_chain: `login_chain` is declared here",
    ],
    ["a limit", "rate_limit_scope: reads", "rate_limit_scope: reeds", "reads: `reads` is declared here"],
    [
      "a limit that has a name",
      "rate_limit_scope: reads",
      "rate_limit_scope: per_user",
      "per_user: this limit is referred to by its name, `reads`",
    ],
    [
      "a schema",
      'response_schema: { $ref: "#/schemas/Ticket" }',
      'response_schema: { $ref: "#/schemas/Tiket" }',
      "Ticket: `Ticket` is declared here",
    ],
    [
      "a schema in OpenAPI's words",
      'response_schema: { $ref: "#/schemas/Ticket" }',
      'response_schema: { $ref: "#/components/schemas/Ticket" }',
      "Ticket: the shared schema is referred to as #/schemas/Ticket",
    ],
    [
      "a tool's operation",
      "- operation_id: create_ticket\n      mcp",
      "- operation_id: creat_ticket\n      mcp",
      "create_ticket: `create_ticket` is declared here",
    ],
    ["a mapped parameter", "status: state", "stauts: state", "status: `status` is declared here"],
    [
      "a header that meets the credential",
      "wire_name: X-Trace",
      "wire_name: authorization",
      "Authorization: the credential is placed here",
    ],
    [
      "two values at one place of the body",
      "body_path: fields.priority",
      "body_path: subject",
      "subject: this stands there already",
    ],
    [
      "a key that is given elsewhere",
      '      records_path: "$.tickets"\n',
      '      records_path: "$.tickets"\n      max_pages: 3\n',
      "max_pages: it is given here already",
    ],
  ])("%s", async (_, find, put, related) => {
    expect(await told(find, put)).toMatchObject([{ related: [related] }]);
  });
});

describe("a habit of another format is answered by ours", () => {
  it.each([
    [
      "a token in a profile",
      "    credential_chain_id: login_chain\n",
      "    token: abc\n",
      /declared under `fields`, as `- \{ key: token, label: "…", secret: true \}`/,
    ],
    [
      "the name of a header in a profile",
      "    test_endpoint:\n",
      "    header: X-Api-Key\n    test_endpoint:\n",
      /`auth_headers: \{ X-Api-Key: "\{api_key\}" \}`/,
    ],
    ["a number of tries", "    retry:\n", "    retries: 3\n    retry:\n", /`retry: \{ max_attempts: 3 \}`/],
    [
      "a name of a schema",
      'response_schema: { $ref: "#/schemas/Ticket" }',
      "response_schema: Ticket",
      /Refer to the shared schema: `\{ "\$ref": "#\/schemas\/Ticket" \}`/,
    ],
    ["a slug with blanks and capitals", "slug: desk", "slug: My Desk", /Did you mean `my-desk`\?/],
    ["a version of one part", "version: 1.0.0", "version: v2", /Did you mean `2\.0\.0`\?/],
    [
      "a hole with a dollar sign",
      "X-Source: connector",
      'X-Source: "${region}"',
      /Write \{region\} for the value alone/,
    ],
  ])("%s", async (_, find, put, help) => {
    expect((await told(find, put)).map((one) => one.help)).toContainEqual(expect.stringMatching(help));
  });
});
