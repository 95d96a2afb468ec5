/** The page about typed clients against the emitter: its examples compile, the files and names that it lists are made. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { recordName } from "../../cli/build/record.ts";
import { targets } from "../../compiler/emit/targets.ts";
import { emitTypeScript } from "../../compiler/emit/typescript/index.ts";
import { emitStandalone } from "../../compiler/emit/typescript/standalone/index.ts";
import { compile } from "../../compiler/index.ts";
import { typeErrors } from "../compiler/emit/support/type-check.ts";

const page = readFileSync(new URL("../../docs/clients.md", import.meta.url), "utf8");

function blocks(info: string): string[] {
  const fence = new RegExp(`^\`\`\`${info}\\n([\\s\\S]*?)^\`\`\`$`, "gm");
  return [...page.matchAll(fence)].map(([, text = ""]) => text);
}

const { ir, diagnostics } = await compile(blocks("yaml descriptor").join());
if (!ir) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
const files = await emitTypeScript(ir);
const standalone = await emitStandalone(ir);

describe("docs/clients.md", () => {
  it("has a descriptor without findings", () => {
    expect(diagnostics).toEqual([]);
  });

  it("has examples that compile, each by itself", () => {
    const examples = blocks("ts").map((code) => code.replace('"./desk/index.js"', '"CLIENT"'));
    const own = examples.filter((code) => !code.includes("createDesk("));
    expect(own).toHaveLength(examples.length - 1);
    // One program for all: imports first, each example in a block of its own.
    const importsOf = (codes: readonly string[]) =>
      codes.flatMap((code) => code.match(/^import .*$/gm) ?? []);
    const bodiesOf = (codes: readonly string[]) =>
      codes.map((code) => `{\n${code.replace(/^import .*$/gm, "")}}\n`);
    const given =
      'import type { Desk } from "CLIENT";\ndeclare const desk: Desk;\ndeclare const console: { log(...values: unknown[]): void };\n';
    const callerOf = (codes: readonly string[]) =>
      `${importsOf(codes).join("\n")}\n${given}${bodiesOf(codes).join("")}\nexport {};`;
    expect(typeErrors(files, callerOf(examples))).toEqual([]);
    // Streams are the runtime's.
    const whole = examples.filter((code) => !code.includes("Stream("));
    expect(whole).toHaveLength(examples.length - 2);
    expect(typeErrors(standalone, callerOf(whole))).toEqual([]);
  });

  it("lists the files that a build writes, and every target", () => {
    const table = page.slice(0, page.indexOf("The text is the same"));
    const listed = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name);
    const made = files.map(({ path }) => path.replace(/^desk\//, ""));
    expect(listed.sort()).toEqual([...made, "mcp.json", recordName].sort());
    const shown = [...page.matchAll(/^\| `--target (\w+)` \|/gm)].map(([, name]) => name);
    expect(["ts", ...shown].sort()).toEqual(Object.keys(targets).sort());
  });
});
