/** The page about editors against the program: what it tells users to write is read, and is there. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { fixAllKind } from "../../cli/lsp/actions.ts";
import { configNames } from "../../cli/validate/config.ts";

const root = join(import.meta.dirname, "..", "..");
const page = readFileSync(join(root, "docs/editors.md"), "utf8");

function blocks(language: string): readonly string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    ([, text = ""]) => text,
  );
}

describe("docs/editors.md", () => {
  it("has settings that an editor can read, which start the server", () => {
    const settings: unknown[] = blocks("json").map((text) => JSON.parse(text));
    expect(settings[0]).toMatchObject({ "glspc.server.commandArguments": ["connector", "lsp", "--stdio"] });
    expect(settings[1]).toEqual({ "editor.codeActionsOnSave": { [fixAllKind]: "explicit" } });
    for (const text of [...blocks("lua"), ...blocks("toml"), ...blocks("lisp")])
      if (text.includes("npx")) expect(text).toMatch(/"connector",? "lsp",? "--stdio"/);
  });

  it("names a schema that the package holds", () => {
    const [line = ""] = blocks("yaml");
    expect(parse(line)).toBeNull();
    const [, path = ""] = /\$schema=node_modules\/connectorc\/(\S+)/.exec(line) ?? [];
    const { files }: { files: string[] } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(files).toContain(path);
    expect(existsSync(join(root, path))).toBe(true);
  });

  it("speaks of a configuration that is found", () => {
    for (const [name] of page.matchAll(/connector\.config\.\w+/g)) expect(configNames).toContain(name);
  });
});
