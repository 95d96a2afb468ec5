/** The page about the command line against the program: its options, its examples, what it says that they print. */
import { readFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { compile } from "../../compiler/index.ts";
import { startServer, type TestServer } from "../../runtime/testing/index.ts";
import { folderWith, type Ran, run } from "../cli/support.ts";

const page = readFileSync(new URL("../../docs/cli.md", import.meta.url), "utf8");
const token = "t0ken";

/** Texts of the code blocks whose fence says this. */
function blocks(info: string): string[] {
  const fence = new RegExp(`^\`\`\`${info}\\n([\\s\\S]*?)^\`\`\`$`, "gm");
  return [...page.matchAll(fence)].map(([, text = ""]) => text);
}

function block(info: string): string {
  const [text] = blocks(info);
  if (text === undefined) throw new Error(`the page has no block ${info}`);
  return text;
}

const descriptor = block("yaml descriptor");
const slipped = descriptor.replace(/(add_ticket[\s\S]*auth_type_ref: )bearer/, "$1beerer");

/** A command line as a shell would take it apart. */
interface Line {
  readonly env: Readonly<Record<string, string>>;
  readonly argv: readonly string[];
  readonly stdin: string | undefined;
}

function parseLine(line: string): Line {
  const words = [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ""));
  const start = words.indexOf("connector");
  const redirect = words.findIndex((word) => word === "<" || word === ">");
  return {
    env: Object.fromEntries(words.slice(0, start).map((word) => word.split("=", 2))),
    argv: words.slice(start + 1, redirect < 0 ? undefined : redirect),
    stdin: words[redirect] === "<" ? words[redirect + 1] : undefined,
  };
}

const lines = (info: string): string[] => blocks(info).flatMap((text) => text.trimEnd().split("\n"));

/** The folder that the examples speak of; the server stands in for port 8080. */
async function folder(port = 8080): Promise<string> {
  const there = (text: string): string => text.replaceAll("8080", String(port));
  return folderWith({
    "desk.yaml": descriptor,
    "connectors/desk.yaml": descriptor,
    "services/all.yaml": `${descriptor}---\n${descriptor.replace("slug: desk", "slug: shop")}`,
    "desk.connection.yaml": there(block("yaml connection all")),
    "report.txt": "It is dark.",
    "ticket.json": '{ "subject": "No light" }',
  });
}

async function runLine(line: string, port = 8080): Promise<Ran> {
  const { env, argv, stdin } = parseLine(line.replaceAll("8080", String(port)));
  return run(argv, {
    cwd: await folder(port),
    env: { DESK_TOKEN: token, ...env },
    ...(stdin === undefined ? {} : { stdin: descriptor }),
  });
}

async function desk(): Promise<TestServer> {
  const server = await startServer({
    "GET /api/me": ({ headers }) => ({ status: headers.authorization === `Bearer ${token}` ? 200 : 401 }),
    "GET /api/tickets": ({ query }) =>
      query.get("cursor") === "two"
        ? { json: { tickets: [{ id: "3" }], next: null } }
        : { json: { tickets: [{ id: "1" }, { id: "2" }], next: "two" } },
    "POST /api/tickets": { status: 201, json: { id: "4" } },
  });
  onTestFinished(() => server.close());
  return server;
}

describe("docs/cli.md", () => {
  it("names every command and every option of --help", async () => {
    const setting = { cwd: await folder() };
    const { stdout } = await run(["--help"], setting);
    const commands = [...(stdout.split("Commands:")[1] ?? "").matchAll(/^ {2}(\w+)/gm)].map(
      ([, name = ""]) => name,
    );
    expect(commands).toContain("validate");
    for (const command of commands.filter((name) => name !== "help")) {
      expect(page, command).toContain(`\n## ${command}\n`);
      const help = (await run([command, "--help"], setting)).stdout;
      const usage = /^Usage: connector (.*)$/m.exec(help)?.[1]?.replace(" [options]", "") ?? "no usage";
      expect(page).toContain(`\`connector ${usage}\``);
      for (const [, option = ""] of help.matchAll(/^ {2}(--[\w-]+(?: <[^>]+>)?) /gm)) {
        const choices = choicesOf(help, option);
        const written =
          choices.length > 0 ? choices.map((choice) => `${option.split(" ")[0]} ${choice}`) : [option];
        for (const text of written) expect(page, command).toContain(`\`${text}\``);
      }
    }
  });

  it("describes a descriptor without findings", async () => {
    expect((await compile(descriptor)).diagnostics).toEqual([]);
  });

  it.each(lines("sh"))("%s", async (line) => {
    const ran = await runLine(line);
    expect(ran.stderr).toBe("");
    expect(ran.code).toBe(0);
    expect(ran.stdout).not.toBe("");
  });

  it.each(lines("sh network"))("%s", async (line) => {
    const server = await desk();
    const ran = await runLine(line, server.port);
    expect(ran.stderr).toBe("");
    expect(ran.code).toBe(0);
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${token}`);
  });

  it("sends what its --param lines say", async () => {
    const server = await desk();
    for (const line of lines("sh network")) await runLine(line, server.port);
    const targets = server.requests.map(({ target }) => target);
    expect(targets).toContain("/api/tickets?limit=50");
    expect(targets).toContain("/api/tickets?labels=red&labels=new");
    const bodies = server.requests.filter(({ method }) => method === "POST").map(({ json }) => json);
    expect(bodies).toEqual([
      { subject: "No light", text: "It is dark." },
      { subject: "No light" },
      { subject: "No light", text: "@home" },
    ]);
  });

  it.each(lines("sh refused"))("%s is refused", async (line) => {
    const server = await desk();
    const ran = await runLine(line, server.port);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("(destination_blocked)");
    expect(server.connections).toBe(0);
  });

  it("shows the JSON report that validate prints", async () => {
    const cwd = await folderWith({ "desk.yaml": slipped });
    const ran = await run(["validate", "desk.yaml", "--format", "json"], { cwd });
    expect(ran.code).toBe(1);
    expect(block("json report")).toBe(ran.stdout);
  });

  it.each(
    ["connection", "connection all", "connection profiles"].map((kind) => [kind, block(`yaml ${kind}`)]),
  )("reads its file %s", async (_kind, text) => {
    const server = await desk();
    const cwd = await folderWith({
      "desk.yaml": descriptor,
      "desk.connection.yaml": text.replaceAll("8080", String(server.port)),
    });
    const argv = ["check", "desk.yaml", "--connection", "desk.connection.yaml"];
    const ran = await run([...argv, "--allow-network", `127.0.0.1:${server.port}`], {
      cwd,
      env: { DESK_TOKEN: token, CONNECTOR_DESK_BASE_URL: server.origin },
    });
    expect(ran.stderr).toBe("");
    expect(JSON.parse(ran.stdout)).toEqual({
      ok: true,
      profile: "bearer",
      durationMs: expect.any(Number),
      status: 200,
    });
  });

  it("goes on from a cursor, as it says under --all", async () => {
    const server = await desk();
    const read = ["call", "desk.yaml", "list_tickets", "--connection", "desk.connection.yaml", "--all"];
    const setting = { cwd: await folder(server.port), env: { DESK_TOKEN: token } };
    const first = await run([...read, "--max-pages", "1"], setting);
    expect(first.code).toBe(1);
    expect(JSON.parse(first.stdout)).toEqual([{ id: "1" }, { id: "2" }]);
    const cursor = /--cursor (\S+?)\.?(?:\s|$)/.exec(first.stderr)?.[1] ?? "no cursor";
    const rest = await run([...read, "--cursor", cursor, "--output", "ndjson"], setting);
    expect(rest).toEqual({ code: 0, stdout: '{"id":"3"}\n', stderr: "" });
  });

  it("has a row for every key of a connection file", () => {
    const source = readFileSync(new URL("../../cli/connection/file.ts", import.meta.url), "utf8");
    const lists = [...source.matchAll(/(?:keys|names) = \[([^\]]+)\]/g)].map(([, list = ""]) => list);
    const keys = lists.flatMap((list) => [...list.matchAll(/"(\w+)"/g)].map(([, key]) => key));
    expect(keys.length).toBeGreaterThanOrEqual(14);
    expect(keys.filter((key) => !page.includes(`\`${key}\``))).toEqual([]);
  });

  it("spells variables as the program does", async () => {
    const server = await desk();
    const cwd = await folderWith({ "jira.yaml": descriptor.replace("slug: desk", "slug: jira-cloud") });
    const env = { CONNECTOR_JIRA_CLOUD_TOKEN: token, CONNECTOR_JIRA_CLOUD_BASE_URL: server.origin };
    const argv = ["check", "jira.yaml", "--allow-network", `127.0.0.1:${server.port}`];
    expect(await run(argv, { cwd, env })).toMatchObject({ code: 0, stderr: "" });
    expect(page).toContain("CONNECTOR_JIRA_CLOUD_API_TOKEN");
  });

  it("colours as it says", async () => {
    const cwd = await folder();
    const colored = async (env: Line["env"]): Promise<boolean> =>
      (await run(["validate", "desk.yaml"], { cwd, env })).stdout.includes("\u001b[");
    expect(await colored({})).toBe(false);
    expect(await colored({ FORCE_COLOR: "1" })).toBe(true);
    expect(await colored({ FORCE_COLOR: "0" })).toBe(false);
    expect(await colored({ FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(false);
  });

  it("warns of a secret that others may read, and not of a variable's name", async () => {
    const server = await desk();
    const argv = ["check", "desk.yaml", "--connection", "desk.connection.yaml"];
    const open = async (text: string): Promise<string> => {
      const cwd = await folderWith({ "desk.yaml": descriptor, "desk.connection.yaml": text });
      await chmod(join(cwd, "desk.connection.yaml"), 0o644);
      const env = { DESK_TOKEN: token, CONNECTOR_DESK_BASE_URL: server.origin };
      return (await run([...argv, "--allow-network", `127.0.0.1:${server.port}`], { cwd, env })).stderr;
    };
    const named = block("yaml connection");
    expect(await open(named)).toBe("");
    expect(await open(named.replace(/"\$\{DESK_TOKEN\}"/, token))).toContain(
      "chmod 600 desk.connection.yaml",
    );
  });

  it("links only to what is there", () => {
    for (const [, file = ""] of page.matchAll(/\]\((\w+\.md)/g))
      expect(() => readFileSync(new URL(`../../docs/${file}`, import.meta.url))).not.toThrow();
    const anchors = headings(page);
    for (const [, anchor = ""] of page.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor);
    const embedding = headings(readFileSync(new URL("../../docs/embedding.md", import.meta.url), "utf8"));
    for (const [, anchor = ""] of page.matchAll(/\]\(embedding\.md#([^)]+)\)/g))
      expect(embedding).toContain(anchor);
  });
});

function headings(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

/** The choices that help gives for an option, wherever its lines break. */
function choicesOf(help: string, option: string): string[] {
  const from = help.slice(help.indexOf(`  ${option} `) + option.length).split(/^ {2}-/m)[0] ?? "";
  const choices = /\(choices: ((?:"\w+",\s+)+)default/.exec(from.replace(/\s+/g, " "))?.[1] ?? "";
  return [...choices.matchAll(/"(\w+)"/g)].map(([, choice = ""]) => choice);
}
