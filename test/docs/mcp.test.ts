/** The page about MCP against the code: its descriptor, its command lines, its example, the members of its options. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { compile } from "../../compiler/index.ts";
import { folderWith, run } from "../cli/support.ts";
import { typeErrors } from "../compiler/emit/support/type-check.ts";

const home = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(`${home}docs/mcp.md`, "utf8");

function blocks(info: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${info}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    ([, text = ""]) => text,
  );
}

const [descriptor = ""] = blocks("yaml descriptor");

/** The members that an interface declares. */
function membersOf(file: string, name: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(home + file, "utf8"), ts.ScriptTarget.Latest, true);
  return source.statements.flatMap((statement) =>
    ts.isInterfaceDeclaration(statement) && statement.name.text === name
      ? statement.members.flatMap((member) =>
          member.name && ts.isIdentifier(member.name) ? [member.name.text] : [],
        )
      : [],
  );
}

describe("docs/mcp.md", () => {
  it("has a descriptor without findings", async () => {
    expect((await compile(descriptor)).diagnostics).toEqual([]);
  });

  it.each(blocks("sh").flatMap((text) => text.trimEnd().split("\n")))("%s", async (line) => {
    const cwd = await folderWith({ "desk.yaml": descriptor });
    const ran = await run(line.split(" ").slice(1), { cwd });
    expect(ran).toMatchObject({ code: 0, stderr: "", stdout: expect.stringMatching(/^\d tools /m) });
  });

  it("has client configurations that are JSON, with options that there are", async () => {
    const help = (await run(["mcp", "--help"], { cwd: home })).stdout;
    const configurations = blocks("json client").map((text) => JSON.parse(text));
    expect(configurations).toHaveLength(2);
    const { args } = configurations[0].mcpServers.desk;
    for (const word of args.filter((one: string) => one.startsWith("--"))) expect(help).toContain(word);
  });

  it("has an example that type-checks", () => {
    const [example = ""] = blocks("ts service");
    const code = example
      .replace('"connectorc/mcp"', JSON.stringify(`${home}runtime/mcp/index.ts`))
      .replace('"connectorc/runtime"', JSON.stringify(`${home}runtime/index.ts`))
      .replace("shown: string)", "shown: string): Promise<() => Promise<void>>");
    expect(typeErrors([{ path: "examples/serve.ts", text: code }])).toEqual([]);
  });

  it.each([
    ["runtime/mcp/tool-server.ts", "ToolServerOptions"],
    ["runtime/mcp/tool-set.ts", "ServedConnector"],
    ["runtime/mcp/tool-set.ts", "ToolSelection"],
    ["runtime/mcp/http.ts", "HttpServingOptions"],
    ["runtime/mcp/http-guard.ts", "HttpAuth"],
  ])("names every member of %s %s", (file, name) => {
    const members = membersOf(file, name);
    expect(members.length).toBeGreaterThan(0);
    expect(members.filter((member) => !page.includes(`\`${member}\``))).toEqual([]);
  });
});
