/** The built server as a process, spoken to as an editor does: pipes, exit codes, a large document. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { desk, deskWith } from "../../compiler/language-service/support.ts";
import { folderWith } from "../support.ts";
import { type Client, connect } from "./client.ts";

const program = join(import.meta.dirname, "..", "..", "..", "dist", "cli", "connector.cjs");

interface Started {
  readonly process: ChildProcessWithoutNullStreams;
  readonly client: Client;
  readonly errors: () => string;
}

async function start(folder: string): Promise<Started> {
  const child = spawn(process.execPath, [program, "lsp", "--stdio"], { cwd: folder });
  onTestFinished(() => void child.kill());
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += String(chunk);
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const client = await connect(child.stdout, child.stdin, folder, ended);
  return { process: child, client, errors: () => errors };
}

describe("connector lsp as a process", () => {
  it("answers, finds its rule pages, says nothing on standard error, and ends with 0", async () => {
    const folder = await folderWith({ "connector.yaml": desk });
    const { client, errors } = await start(folder);
    const uri = pathToFileURL(join(folder, "connector.yaml")).href;
    await client.open(uri, deskWith("auth_type_ref: oauth2_client_credentials", "auth_type_ref: nob‸ody"));
    expect(await client.diagnostics(uri)).toMatchObject([{ code: "reference/unknown-profile" }]);
    const hover = await client.request("textDocument/hover", client.at(uri));
    expect(JSON.stringify(hover)).toContain("reference/unknown-profile");
    expect((await client.completions(uri)).map(({ label }) => label)).toContain("login");
    await client.request("shutdown", undefined);
    await client.connection.sendNotification("exit");
    expect(await client.ended).toBe(0);
    expect(errors()).toBe("");
  });

  it("ends with 1 when the editor goes away", async () => {
    const { process: child, client } = await start(await folderWith({ "connector.yaml": desk }));
    child.stdin.end();
    expect(await client.ended).toBe(1);
  });

  it.each([
    ["in the middle of a message", "Content-Length: 999\r\n\r\n{"],
    ["after something that is no message", "Content-Length: 2\r\n\r\n[]"],
  ])("ends with 1, and without a word, when the editor goes away %s", async (_title, text) => {
    const { process: child, client, errors } = await start(await folderWith({ "connector.yaml": desk }));
    child.stdin.end(text);
    expect(await client.ended).toBe(1);
    expect(errors()).toBe("");
  });

  it("completes in a document of 2 MB while findings are still on their way", async () => {
    const folder = await folderWith({ "connector.yaml": desk });
    const { client } = await start(folder);
    const uri = pathToFileURL(join(folder, "connector.yaml")).href;
    const spare = (index: number): string =>
      `  - operation_id: spare_${index}\n    endpoint: /spare\n    summary: Spare\n    auth_type_ref: api_key\n`;
    const filler = Array.from({ length: 20_000 }, (_, index) => spare(index)).join("");
    await client.open(
      uri,
      deskWith("{ticket_id}", "{ti‸}").replace("operations:\n", `operations:\n${filler}`),
    );
    expect((await client.completions(uri)).map(({ label }) => label)).toContain("ticket_id");
    expect((await client.diagnostics(uri)).map(({ code }) => code)).toContain("template/unknown-name");
  });
});
