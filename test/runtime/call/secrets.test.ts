import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { type ReceivedRequest, status } from "../../../runtime/testing/index.ts";
import { descriptor, indent, type Line, line } from "../../support/line.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

const canary = 'CaNaRy+/="7731é';
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const fields = "fields: [{ key: email, label: e }, { key: k, label: k, secret: true }]";

/** All of a request that a server could repeat. */
function echo(request: ReceivedRequest): string {
  return `${request.target} ${request.rawHeaders.map(([name, value]) => `${name}: ${value}`).join("; ")}`;
}

async function failed(authentication: string, operationFields = ""): Promise<[error: string, seen: string]> {
  const yaml = descriptor(
    `operations:
  - operation_id: op
    endpoint: /x
    summary: An operation
    auth_type_ref: api_key
${indent(operationFields, 4)}`,
    `  - type: api_key\n    ${fields}\n${indent(authentication, 4)}`,
  );
  const made = await line(
    yaml,
    { "GET /x": (request) => status(400, { message: echo(request) }) },
    { connect: { credentials: { email: "ada@example.com", k: canary } } },
  );
  open.push(made);
  const result = await made.connection.attempt("op");
  const seen = made.server.requests.map(echo).join();
  return [inspect(result, { depth: 10, showHidden: true }) + JSON.stringify(result), seen];
}

describe("what a template makes of a secret is as secret", () => {
  it.each([
    [
      "a pair of its own kind in base64",
      "auth_headers: { Authorization: 'Basic {base64({email}/token:{k})}' }",
      "",
      base64(`ada@example.com/token:${canary}`),
    ],
    ["a hash", "auth_headers: { X-Sum: '{hex(sha256({k}))}' }", "", /x-sum: ([0-9a-f]{64})/],
    ["a cookie", "auth_cookies: { sid: '{k}' }", "", /cookie: sid=(\S+?);/],
    [
      "a header of the operation",
      "auth_headers: { X-None: a }",
      'headers: { X-Own: "{base64(x{k})}" }',
      base64(`x${canary}`),
    ],
  ])("%s", async (_, authentication, operationFields, form) => {
    const [error, seen] = await failed(authentication, operationFields);
    const sent = typeof form === "string" ? form : form.exec(seen)?.[1];
    expect(sent).toBeDefined();
    expect(seen).toContain(sent);
    expect(error).not.toContain(sent);
    expect(error).toContain("[secret]");
  });
});

describe("a long message of a server", () => {
  it("is cut between words, so that no half of a secret is left in it", async () => {
    const yaml = descriptor(
      "operations: [{ operation_id: op, endpoint: /x, summary: An operation, auth_type_ref: bearer }]",
      "  - type: bearer",
    );
    const token = "0123456789abcdef0123456789abcdef";
    const message = `${"word ".repeat(97)}${token} is not known`;
    const made = await line(
      yaml,
      { "GET /x": status(400, { message }) },
      { connect: { credentials: { token } } },
    );
    open.push(made);
    const result = await made.connection.attempt("op");
    expect(result.ok ? "" : result.error.message).toContain("word…");
    expect(JSON.stringify(result)).not.toContain("0123456789");
  });

  it("holds no secret of several lines either, on its one line", async () => {
    const yaml = descriptor(
      "operations: [{ operation_id: op, endpoint: /x, summary: An operation, auth_type_ref: api_key }]",
      `  - type: api_key\n    ${fields}\n    auth_headers: { X-Sum: "{hex(sha256({k}))}" }`,
    );
    const k = "-----BEGIN KEY-----\nline-one\nline-two\n-----END KEY-----\n";
    const made = await line(
      yaml,
      { "GET /x": status(400, { message: `no such key: ${k}` }) },
      { connect: { credentials: { email: "ada@example.com", k } } },
    );
    open.push(made);
    const result = await made.connection.attempt("op");
    expect(result.ok ? "" : result.error.message).toContain("no such key: [secret]");
  });
});
