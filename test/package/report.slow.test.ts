/** The bundled program finds its documents and its other bundles: rule pages, and the report that a failure owes. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { folderWith, weather } from "../cli/support.ts";

const program = join(import.meta.dirname, "..", "..", "dist", "cli", "connector.cjs");

/** What the program prints, whatever its exit code. */
async function printed(args: readonly string[], cwd: string): Promise<string> {
  try {
    return (await promisify(execFile)(process.execPath, [program, ...args], { cwd })).stdout;
  } catch (error) {
    if (error instanceof Error && "stdout" in error) return String(error.stdout);
    throw error;
  }
}

describe("the bundled program", () => {
  it("explains a rule by its page", async () => {
    const text = await printed(["explain", "template/unknown-name"], "/");
    expect(text).toContain("filled at run time");
    expect(text).toContain("error: `emial` is not declared.");
  });

  it("brings rule pages to SARIF", async () => {
    const cwd = await folderWith({ "weather.yaml": weather.replace("{api_token}", "{api_tokn}") });
    const [run] = JSON.parse(await printed(["validate", "weather.yaml", "--format", "sarif"], cwd)).runs;
    const rule = run.tool.driver.rules.find(({ id }: { id: string }) => id === "template/unknown-name");
    expect(rule.help.markdown).toContain("filled at run time");
  });

  it("owes one document where it fails", async () => {
    for (const format of ["json", "sarif", "codeclimate"])
      expect(typeof JSON.parse(await printed(["validate", "--format", format, "--colour"], "/"))).toBe(
        "object",
      );
  });

  it("prints each of its schemas", async () => {
    for (const name of ["descriptor", "config", "report"])
      expect(JSON.parse(await printed(["schema", "--of", name], "/")).$id).toContain(`/${name}.schema.json`);
  });
});
