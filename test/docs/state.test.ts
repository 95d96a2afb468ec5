/** The page for authors of state stores against the contract: its test passes, and every member is named. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const home = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(`${home}docs/state.md`, "utf8");
const contract = `${home}runtime/state/state.ts`;

/** The members of every interface and type of the contract. */
function members(): string[] {
  const source = ts.createSourceFile(contract, readFileSync(contract, "utf8"), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isPropertySignature(node) || ts.isMethodSignature(node)) && ts.isIdentifier(node.name))
      found.push(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

describe("docs/state.md", () => {
  it("names every member of the contract", () => {
    const words = new Set(
      [...page.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = ""]) => code.match(/\w+/g) ?? []),
    );
    expect(members().length).toBeGreaterThan(40);
    expect(members().filter((member) => !words.has(member))).toEqual([]);
  });

  it("has a test that passes as it stands", async () => {
    const [, code = ""] = /^```ts test\n([\s\S]*?)^```$/m.exec(page) ?? [];
    const onSources = code.replace('"connectorc/testing"', JSON.stringify(`${home}runtime/testing/index.ts`));
    const folder = await mkdtemp(join(tmpdir(), "state-"));
    try {
      const file = join(folder, "state.test.mts");
      await writeFile(file, onSources);
      const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
      const argv = ["--import", loader, "--test", "--test-reporter=tap", file];
      // Node's runner stays silent below a runner that set this variable.
      const { NODE_TEST_CONTEXT: _, ...env } = process.env;
      const { stdout } = await promisify(execFile)(process.execPath, argv, { env });
      expect(stdout).toContain("takes from all limits or from none");
      expect(stdout).toMatch(/^# fail 0$/m);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
