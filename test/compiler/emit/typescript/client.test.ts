import { describe, expect, it } from "vitest";
import type { OutputFile } from "../../../../compiler/emit/output.ts";
import { emitTypeScript } from "../../../../compiler/emit/typescript/index.ts";
import { emitStandalone } from "../../../../compiler/emit/typescript/standalone/index.ts";
import type { Connector } from "../../../../schema/ir.ts";
import { connector, operation, parameter, profile, setting } from "../support/ir.ts";
import { typeErrors } from "../support/type-check.ts";

const desk: Connector = connector({
  settings: [setting("domain"), setting("region", { default: "us", enum: ["us", "eu"] })],
  profiles: [
    profile("api_key", ["email", "api_token!"]),
    profile("service", ["client_id", "client_secret!"], { type: "oauth2_client_credentials" }),
    profile("anonymous", [], { type: "none" }),
  ],
  schemas: {
    Issue: {
      type: "object",
      required: ["id", "state"],
      properties: {
        id: { type: "integer", format: "int64" },
        state: { type: "string", enum: ["open", "closed"] },
        parent: { $ref: "#/schemas/Issue" },
        closed_at: { type: ["string", "null"], format: "date-time" },
      },
    },
  },
  operations: [
    operation("list_issues", {
      pages: true,
      records: "$.issues",
      parameters: [
        parameter("jql", { required: true }),
        parameter("state", { schema: { enum: ["open", "closed"] } }),
        parameter("page[size]", { type: "integer", default: 50 }),
      ],
      schema: {
        type: "object",
        required: ["issues", "total"],
        properties: {
          issues: { type: "array", items: { $ref: "#/schemas/Issue" } },
          total: { type: "integer" },
        },
      },
    }),
    operation("create_issue", {
      parameters: [
        parameter("issue", {
          required: true,
          type: "object",
          location: "body",
          schema: { $ref: "#/schemas/Issue" },
        }),
        parameter("attachment", { type: "file", location: "body" }),
      ],
      schema: { $ref: "#/schemas/Issue" },
    }),
    operation("ping"),
    operation("close_issue", {
      errors: [
        { when: { status: [{ from: 409, to: 409 }] }, action: "fail", code: "already_closed" },
        { when: { status: [{ from: 404, to: 404 }] }, action: "ignore" },
      ],
      parameters: [parameter("id", { required: true, example: "ISS-1" })],
      deprecated: true,
      deprecated_message: "Use `archive_issue`.",
    }),
    operation("export_text", { responseType: "text" }),
    operation("export_bytes", { responseType: "binary" }),
    operation("export_rows", { responseType: "csv" }),
  ],
});

const files = await emitTypeScript(desk);
const standalone = await emitStandalone(desk);
const modes = [
  ["runtime", files],
  ["standalone", standalone],
] as const;

/** The errors of a caller's code, without the file. */
function errorsOf(code: string, client: readonly OutputFile[] = files): readonly string[] {
  const caller = `import { type AcmeDesk, type AcmeDeskErrorCode, createAcmeDesk, isAcmeDeskError } from "CLIENT";\ndeclare const desk: AcmeDesk;\n${code}\nexport { type AcmeDeskErrorCode, createAcmeDesk, desk, isAcmeDeskError };`;
  return typeErrors(client, caller).map((error) => error.replace(/^caller\.ts:/, ""));
}

/** Calls that must not compile, each on one line, and what TypeScript says to them. */
const wrong: readonly (readonly [string, string, RegExp])[] = [
  ["a missing parameter", "await desk.listIssues({});", /'jql' is missing/],
  ["missing parameters", "await desk.listIssues();", /Expected 1-2 arguments/],
  ["an unknown parameter", 'await desk.listIssues({ jql: "x", jqll: "y" });', /'jqll' does not exist/],
  [
    "a parameter where there is none",
    "await desk.ping({ x: 1 });",
    /'number' is not assignable to type 'never'/,
  ],
  [
    "a value outside an enum",
    'await desk.listIssues({ jql: "x", state: "opne" });',
    /"opne".* is not assignable/,
  ],
  [
    "a value outside an enum, nested",
    'await desk.createIssue({ issue: { id: 1, state: "opne" } });',
    /"opne".* is not assignable/,
  ],
  [
    "a value of the wrong type",
    "await desk.listIssues({ jql: 1 });",
    /'number' is not assignable to type 'string'/,
  ],
  ["an unknown operation", "await desk.listIsues({});", /'listIsues' does not exist/],
  [
    "a property that the answer has not",
    '(await desk.listIssues({ jql: "x" })).isues;',
    /'isues' does not exist/,
  ],
  [
    "a loop over one that has no records",
    "for await (const x of desk.ping()) void x;",
    /\[Symbol.asyncIterator\]/,
  ],
  [
    "a credential of another profile",
    'createAcmeDesk({ profile: "api_key", credentials: { client_id: "a", client_secret: "b" }, config: { domain: "d" } });',
    /client_id/,
  ],
  [
    "a missing credential",
    'createAcmeDesk({ profile: "api_key", credentials: { email: "e" }, config: { domain: "d" } });',
    /api_token/,
  ],
  [
    "half of what a token call needs",
    'createAcmeDesk({ profile: "service", credentials: { client_id: "a" }, config: { domain: "d" } });',
    /client_secret|access_token/,
  ],
  [
    "no profile",
    'createAcmeDesk({ credentials: { email: "e", api_token: "t" }, config: { domain: "d" } });',
    /profile|not assignable/,
  ],
  [
    "an unknown profile",
    'createAcmeDesk({ profile: "basic", credentials: {}, config: { domain: "d" } });',
    /"basic"/,
  ],
  ["a missing setting", 'createAcmeDesk({ profile: "anonymous", config: {} });', /'domain' is missing/],
  ["no settings", 'createAcmeDesk({ profile: "anonymous" });', /config/],
  [
    "a setting outside its enum",
    'createAcmeDesk({ profile: "anonymous", config: { domain: "d", region: "mars" } });',
    /"mars"/,
  ],
  ["a request without a path", 'await desk.request({ method: "GET" });', /'path' is missing/],
  ["a method of no HTTP", 'await desk.request({ method: "FETCH", path: "/x" });', /"FETCH"/],
  [
    "a key for what only reads",
    'void desk.listIssues({ jql: "x" }, { idempotencyKey: "k" });',
    /'idempotencyKey' does not exist/,
  ],
  ["an option that no call has", "await desk.ping({}, { timeout: 5 });", /'timeout' does not exist/],
];

describe("the emitted client, under TypeScript's strictest flags", () => {
  it.each(modes)("compiles by itself, in mode %s", (_, client) => {
    expect(typeErrors(client)).toEqual([]);
  });

  it("compiles for a connector that has next to nothing", async () => {
    expect(typeErrors(await emitTypeScript(connector({ profiles: [] })))).toEqual([]);
    expect(typeErrors(await emitTypeScript(connector({ operations: [operation("ping")] })))).toEqual([]);
  });

  it.each(modes)("accepts the calls that an API's user writes, in mode %s", (_, client) => {
    expect(
      errorsOf(
        `
const { signal } = new class { signal: AbortSignal = { aborted: false } as AbortSignal }();
const one = createAcmeDesk({ profile: "api_key", credentials: { email: "e", api_token: "t" }, config: { domain: "acme" } });
const two = createAcmeDesk({ profile: "service", credentials: { client_id: "a", client_secret: "b", access_token: "c" }, config: { domain: "acme", region: "eu" } }, { network: { allow: [] } });
const token = createAcmeDesk({ profile: "service", credentials: { access_token: "c" }, config: { domain: "acme" } });
const three = createAcmeDesk({ profile: "anonymous", config: { domain: "acme" }, identity: { tenant: "t" } });
const four = createAcmeDesk({ profile: "api_key", credentials: async ({ reason }) => ({ email: reason, api_token: "t" }), config: { domain: "acme" } });
const five = createAcmeDesk({ profiles: { api_key: { credentials: { email: "e", api_token: "t" } } }, config: { domain: "acme" } });
const page = await desk.listIssues({ jql: "project = X" }, { signal, timeoutMs: 500, maxPages: 3 });
export const total: number = page.total;
export const state: "open" | "closed" | (string & {}) | undefined = page.issues[0]?.state;
for await (const issue of desk.listIssues({ jql: "x", state: "open", "page[size]": 10 })) { const id: number | string = issue.id; void id; }
for await (const { records, status } of desk.listIssues({ jql: "x", state: undefined }).pages()) { const at: string | null | undefined = records[0]?.closed_at; void [at, status]; }
const { data, response } = await desk.listIssues({ jql: "x" }).withResponse();
export const seen: [number, number] = [data.total, response.status];
export const made: Promise<number | string> = desk.createIssue({ issue: { id: 1, state: "open" }, attachment: new Uint8Array() }, { idempotencyKey: "k" }).then(({ id }) => id);
void desk.createIssue({ issue: { id: "9007199254740993", state: "open" }, attachment: { data: "text", filename: "a.txt" } });
export const text: string = await desk.exportText();
export const bytes: Uint8Array = await desk.exportBytes({});
for await (const row of desk.exportRows()) { const cell: string | undefined = row["id"]; void cell; }
export const all: [unknown, string] = await Promise.all([desk.ping(undefined, { timeoutMs: 1 }), desk.exportText()]);
const raw = await desk.request<{ id: number }>({ method: "POST", path: "/rest/x", query: { a: [1, 2] }, body: {} }, { timeoutMs: 9 });
export const rawId: number = raw.data.id;
try { await desk.closeIssue({ id: "1" }); } catch (error) {
  if (isAcmeDeskError(error)) {
    const code: AcmeDeskErrorCode = error.code;
    if (code === "already_closed" || code === "rate_limited") void [error.retryAt, error.status];
  }
}
for (const client of [one, two, token, three, four, five]) await client.close();`,
        client,
      ),
    ).toEqual([]);
  });

  // One program for all, a line each: to start TypeScript takes longer than to check a call.
  const verdicts = modes.map(([, client]) => errorsOf(wrong.map(([, code]) => code).join("\n"), client));

  it.each(wrong.map(([title, , message], index) => [title, message, `${index + 3}:`] as const))(
    "refuses %s, in both modes",
    (_, message, line) => {
      for (const errors of verdicts)
        expect(errors.filter((error) => error.startsWith(line)).join("\n")).toMatch(message);
    },
  );

  it("documents a method with a call of it, and says what is deprecated", () => {
    const index = files.find(({ path }) => path.endsWith("index.ts"))?.text ?? "";
    const doc = index.slice(
      index.indexOf("  /**\n   * Runs close_issue"),
      index.indexOf("  closeIssue(") + 13,
    );
    expect(doc).toBe(`  /**
   * Runs close_issue
   *
   * @deprecated Use \`archive_issue\`.
   * @example
   * \`\`\`ts
   * const data = await client.closeIssue({ id: "ISS-1" });
   * \`\`\`
   */
  closeIssue(`);
  });

  it("completes the codes of errors from the descriptor's rules", () => {
    const types = files.find(({ path }) => path.endsWith("types.ts"))?.text ?? "";
    expect(types).toContain('export type AcmeDeskErrorCode = connectorc.ErrorCode | "already_closed";');
  });

  it("shows calls in its README that compile", () => {
    const readme = files.find(({ path }) => path.endsWith("README.md"))?.text ?? "";
    const snippets = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);
    const [connect = "", ...others] = snippets;
    const calls = others
      .filter((code) => !code.startsWith("import"))
      .map((code) => `{\n${code.replace("const data =", "void")}}\n`);
    const console = "declare const console: { log(value: unknown): void };";
    const code = [connect, console, ...calls].join("\n").replace("./index.js", "CLIENT");
    expect(calls).toHaveLength(desk.operations.length);
    expect(typeErrors(files, `${code}\nexport {};`)).toEqual([]);
  });
});
