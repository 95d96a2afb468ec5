/** The page about logins, and the part about them in the page about the command line: their lines run, in order. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compile } from "../../compiler/index.ts";
import { startDesk } from "../cli/auth-support.ts";
import { typeErrors } from "../compiler/emit/support/type-check.ts";

const home = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(join(home, "docs/credentials.md"), "utf8");
const commands = readFileSync(join(home, "docs/cli.md"), "utf8");

/** Texts of the code blocks whose fence says this. */
function blocks(text: string, info: string): string[] {
  const fence = new RegExp(`^\`\`\`${info}\\n([\\s\\S]*?)^\`\`\`$`, "gm");
  return [...text.matchAll(fence)].map(([, block = ""]) => block);
}

const lines = (text: string): string[][] =>
  blocks(text, "sh auth")
    .flatMap((block) => block.trimEnd().split("\n"))
    .map((line) => line.split(" ").slice(1));

describe("docs/credentials.md", () => {
  const [descriptor = ""] = blocks(page, "yaml descriptor");
  const [connection = ""] = blocks(page, "yaml connection");

  it("describes a descriptor without findings", async () => {
    expect((await compile(descriptor)).diagnostics).toEqual([]);
  });

  it("signs in as it says, and the lines of cli.md that follow find the login", async () => {
    const desk = await startDesk({ descriptor, connection });
    const env = { ...desk.env, DESK_SECRET: "a secret", PATH: join(desk.cwd, "no-programs") };
    const ran: (readonly [string, string])[] = [];
    for (const argv of [...lines(page), ...lines(commands)]) {
      const { code, stdout } = await desk.follow(argv, { env, ask: async () => "yes" });
      expect(code, argv.join(" ")).toBe(0);
      ran.push([argv.slice(0, 2).join(" "), stdout]);
    }
    expect(ran.map(([command]) => command)).toEqual([
      "auth login",
      "call desk.yaml",
      "auth login",
      "auth status",
      "auth status",
      "auth rotate",
      "auth logout",
    ]);
    expect(ran[1]?.[1]).toContain("Ada");
  });

  it("shows code that compiles", () => {
    const onSources = (code: string): string =>
      code
        .replaceAll('from "connectorc"', `from ${JSON.stringify(`${home}index.ts`)}`)
        .replaceAll('from "connectorc/runtime"', `from ${JSON.stringify(`${home}runtime/index.ts`)}`);
    const code = blocks(page, "ts").map(onSources).join("\n");
    expect(code).toContain("createFileState");
    expect(typeErrors([{ path: "examples/credentials.ts", text: code }])).toEqual([]);
  });

  it("names every option of createFileState and every file of a store", () => {
    for (const member of ["path", "key", "previous", "clock", "secrets", "rotate()"])
      expect(page).toContain(`| \`${member}\` |`);
    for (const end of ["", ".leases", ".lock", ".approvals"])
      expect(page).toContain(`\`secrets.json${end}\``);
  });

  it("and cli.md name every option of the auth commands", async () => {
    const desk = await startDesk();
    for (const verb of ["login", "status", "logout", "rotate"]) {
      const { stdout } = await desk.run(["auth", verb, "--help"]);
      for (const [, option = ""] of stdout.matchAll(/^ {2}(--[\w-]+(?: <[^>]+>)?) /gm))
        expect(commands, verb).toContain(
          option === "--format <format>" ? "`--format json`" : `\`${option}\``,
        );
    }
  });
});
