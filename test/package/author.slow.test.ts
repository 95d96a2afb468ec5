/** The built program as an agent meets it that has nothing but its messages. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { describe, expect, it, onTestFinished } from "vitest";
import { folderWith } from "../cli/support.ts";
import { callTool } from "../runtime/mcp/support.ts";

const program = join(import.meta.dirname, "..", "..", "dist", "cli", "connector.cjs");

const firstTry = `metadata: { name: Desk, slug: desk, version: 1.0.0, description: Tickets of a help desk., publisher: Example }
base_url: https://desk.example
authentication:
  - type: bearer
    fields: [{ key: token, label: API token, secret: true }]
operations:
  - operation_id: list_tickets
    endpoint: /tickets
    metod: GET
    summary: List tickets
    auth_type_ref: bearer
    pagination: { type: cursor, cursor_path: "$.next", cursor_param: after }
    response: { records_path: "$.tickets" }
`;

describe("the built `connector mcp --author`", { timeout: 120_000 }, () => {
  it("lets an agent make a connector from nothing: written, mended, tried, built", async () => {
    const cwd = await folderWith({});
    await mkdir(join(cwd, "work"));
    const client = new Client({ name: "agent", version: "1.0.0" });
    const args = [program, "mcp", "--author", join(cwd, "work")];
    await client.connect(new StdioClientTransport({ command: process.execPath, args }));
    onTestFinished(() => client.close());
    const use = async (name: string, given: Record<string, unknown>) =>
      (await callTool(client, name, given)).structured;

    const path = "desk/connector.yaml";
    const made = await use("create_descriptor", { path, text: firstTry });
    expect(made.ok).toBe(false);
    const [finding] = made.findings as Finding[];
    const page = await use("explain_rule", { rule: finding?.rule });
    expect(page.prose).not.toBe("");
    // The finding says all that the mend takes.
    const { title, edits } = finding?.fix ?? { title: "", edits: [] };
    expect(title).toContain("method");
    const text = edits.reduce(applied, firstTry);
    expect(await use("create_descriptor", { path, text, overwrite: true })).toMatchObject({
      ok: true,
      errors: [],
    });

    const tried = await use("call_operation", {
      path,
      operation: "list_tickets",
      routes: { "GET /tickets": { json: { tickets: [{ id: 1 }], next: null } } },
    });
    expect(tried).toMatchObject({
      ok: true,
      data: { tickets: [{ id: 1 }] },
      requests: [{ target: "/tickets", headers: { authorization: "Bearer test-token" } }],
    });

    const built = await use("build_client", { path, folder: "clients" });
    expect(built).toMatchObject({ type_checked: true });
    expect(built.files).toContain("clients/desk/index.ts");
    expect(await readFile(join(cwd, "work/clients/desk/index.ts"), "utf8")).toContain("listTickets");
  });

  it("stops in good order at SIGTERM, as a supervisor sends it", async () => {
    const cwd = await folderWith({});
    const child = spawn(process.execPath, [program, "mcp", "--author", cwd, "--http", "0"]);
    onTestFinished(() => void child.kill("SIGKILL"));
    const ended = once(child, "exit");
    await once(child.stderr, "data");
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });
});

interface Finding {
  readonly rule: string;
  readonly fix?: {
    readonly title: string;
    readonly edits: readonly {
      readonly text: string;
      readonly range: { readonly start: Place; readonly end: Place };
    }[];
  };
}

interface Place {
  readonly line: number;
  readonly column: number;
}

function applied(text: string, edit: NonNullable<Finding["fix"]>["edits"][number]): string {
  const at = ({ line, column }: Place): number =>
    text
      .split("\n")
      .slice(0, line - 1)
      .reduce((sum, one) => sum + one.length + 1, 0) +
    column -
    1;
  return text.slice(0, at(edit.range.start)) + edit.text + text.slice(at(edit.range.end));
}
