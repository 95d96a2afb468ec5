import { describe, expect, it } from "vitest";
import { catalog } from "../../compiler/catalog.ts";
import { json, run } from "./support.ts";

const explain = (...argv: string[]) => run(["explain", ...argv], { cwd: "/" });

describe("connector explain", () => {
  it("shows a rule with its reasons, an example and its report", async () => {
    const { code, stdout } = await explain("template/unknown-name");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^template\/unknown-name \(error, minimal; cannot be turned off or ignored\)\n\nA hole names something/,
    );
    expect(stdout).toContain("filled at run time");
    expect(stdout).toMatch(/\n {4} +Authorization: "Basic \{base64\(\{emial\}/);
    expect(stdout).toMatch(/\n {4}error: .*\[template\/unknown-name\]\n/);
    expect(stdout).not.toMatch(/```|<!--/);
  });

  it("lists every rule by area", async () => {
    const { stdout } = await explain();
    const listed = [...stdout.matchAll(/^ {2}([\w-]+\/[\w-]+) +(?:error|warning|info), (\w+)/gm)];
    expect(listed.map(([, id]) => id)).toEqual(Object.keys(catalog).sort());
    expect(stdout).toMatch(/^template\n {2}template\//m);
  });

  it("lists an area", async () => {
    const { stdout } = await explain("limit");
    expect(stdout).toMatch(/^limit\n(?: {2}limit\/.*\n)* {2}limit\/cost +error, minimal +\S/);
    expect(stdout).not.toContain("template/");
  });

  it("is data with --format json", async () => {
    expect(json(await explain("limit/cost", "--format", "json"))).toMatchObject({
      id: "limit/cost",
      severity: "error",
      preset: "minimal",
      next: false,
      summary: catalog["limit/cost"]?.summary,
    });
    const all = json(await explain("--format", "json"));
    expect(all).toMatchObject({
      rules: expect.arrayContaining([expect.objectContaining({ id: "limit/cost" })]),
    });
  });

  it.each([
    ["template/unknown-nam", "there is no rule template/unknown-nam; did you mean template/unknown-name?"],
    ["templat", "there is no rule or area templat; did you mean template?"],
    ["../../package", "there is no rule ../../package"],
    ["__proto__", "there is no rule or area __proto__"],
  ])("answers 2 to %s", async (wanted, sentence) => {
    const ran = await explain(wanted);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toContain(sentence);
  });
});

describe("connector schema", () => {
  it.each([
    [[], "descriptor"],
    [["--of", "descriptor"], "descriptor"],
    [["--of", "config"], "config"],
    [["--of", "report"], "report"],
  ])("%j prints a schema of its own", async (argv, name) => {
    const ran = await run(["schema", ...argv], { cwd: "/" });
    expect(json(ran)).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      $id: `https://connectorc.dev/schema/v1/${name}.schema.json`,
    });
  });

  it("answers 2 to a schema that there is not", async () => {
    expect(await run(["schema", "--of", "nothing"], { cwd: "/" })).toMatchObject({ code: 2, stdout: "" });
  });
});
