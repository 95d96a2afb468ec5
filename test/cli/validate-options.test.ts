import { describe, expect, it } from "vitest";
import { folderWith, json, type Ran, run, weather } from "./support.ts";

/** A descriptor with an error (`url/insecure` cannot be one) and a warning: a setting that nothing uses. */
const warned = weather.replace("  - key: region\n", "  - key: colour\n    label: Colour\n  - key: region\n");

async function validate(argv: readonly string[], files: Readonly<Record<string, string>>): Promise<Ran> {
  return run(["validate", ...argv], { cwd: await folderWith(files) });
}

async function rules(argv: readonly string[], files: Readonly<Record<string, string>>): Promise<string[]> {
  const ran = await validate([...argv, "--format", "json"], files);
  // The report's shape is the contract that other tests hold.
  return (json(ran) as { diagnostics: { rule: string; severity: string }[] }).diagnostics.map(
    ({ rule, severity }) => `${severity} ${rule}`,
  );
}

describe("which rules connector validate applies", () => {
  it("takes a severity for a rule", async () => {
    const files = { "a.yaml": warned };
    expect(await rules(["a.yaml"], files)).toEqual(["warning setting/unused"]);
    expect(await rules(["a.yaml", "--rule", "setting/unused=error"], files)).toEqual([
      "error setting/unused",
    ]);
    expect(await rules(["a.yaml", "--rule", "setting/unused=off"], files)).toEqual([]);
    expect(await rules(["a.yaml", "--preset", "minimal"], files)).toEqual([]);
    expect(await rules(["a.yaml", "--preset", "minimal", "--rule", "setting/unused=info"], files)).toEqual([
      "info setting/unused",
    ]);
  });

  it.each([
    ["setting/unsed=off", "there is no rule setting/unsed", "Did you mean setting/unused?"],
    ["setting/unused", "gives no severity", "setting/unused=off"],
    ["setting/unused=fatal", "gives no severity", "=warning"],
    ["yaml/syntax=off", "is always an error", "nothing that could be compiled"],
    ["reference/unknown-profile=warning", "is always an error", "mend what the rule finds"],
  ])("refuses --rule %s", async (flag, ...sentences) => {
    const ran = await validate(["a.yaml", "--rule", flag], { "a.yaml": warned });
    expect(ran.code).toBe(2);
    for (const sentence of sentences) expect(ran.stderr.toLowerCase()).toContain(sentence.toLowerCase());
    expect(ran.stdout).toBe("");
  });

  it("accepts what changes nothing about a rule that is always an error", async () => {
    expect((await validate(["a.yaml", "--rule", "yaml/syntax=error"], { "a.yaml": weather })).code).toBe(0);
  });

  it.each([
    [[], 0],
    [["--fail-severity", "warning"], 1],
    [["--fail-severity", "info"], 1],
    [["--max-warnings", "0"], 1],
    [["--max-warnings", "1"], 0],
    [["--rule", "setting/unused=error"], 1],
    [["--rule", "setting/unused=error", "--fail-severity", "none"], 0],
    [["--rule", "setting/unused=error", "--fail-severity", "none", "--max-warnings", "0"], 0],
    [["--rule", "setting/unused=info", "--fail-severity", "warning"], 0],
    [["nowhere.yaml", "--fail-severity", "none"], 2],
  ])("ends with %j by %i", async (flags, code) => {
    expect((await validate(["a.yaml", ...flags], { "a.yaml": warned })).code).toBe(code);
  });

  it("says why a run with warnings alone fails", async () => {
    const ran = await validate(["a.yaml", "b.yaml", "--max-warnings", "1"], {
      "a.yaml": warned,
      "b.yaml": warned,
    });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toBe("connector: 2 warnings, and at most 1 may stand\n");
  });

  it("prints files in the order they are named, and a folder's by name", async () => {
    const files = { "z.yaml": warned, "b/y.yaml": warned, "b/a.yaml": warned, "a.yaml": warned };
    const ran = await validate(["z.yaml", "b", "a.yaml", "--format", "json"], files);
    const { diagnostics } = json(ran) as { diagnostics: { file: string }[] };
    expect(diagnostics.map(({ file }) => file)).toEqual(["z.yaml", "b/a.yaml", "b/y.yaml", "a.yaml"]);
  });
});

describe("--stdin-filepath", () => {
  const at = async (argv: readonly string[], stdin: string, files = {}): Promise<Ran> =>
    run(["validate", ...argv, "--format", "json"], { cwd: await folderWith(files), stdin });

  it("names the findings, and stands for - when no path is given", async () => {
    for (const argv of [
      ["-", "--stdin-filepath", "sub/a.yaml"],
      ["--stdin-filepath", "./sub/a.yaml"],
    ])
      expect(json(await at(argv, warned))).toMatchObject({ diagnostics: [{ file: "sub/a.yaml" }] });
  });

  it("says by its ending whether the text is JSON", async () => {
    const ran = await at(["-", "--stdin-filepath", "a.json"], "metadata: {}");
    expect(json(ran)).toMatchObject({ diagnostics: [{ rule: "json/syntax", file: "a.json" }] });
  });

  it("finds schema files and the configuration beside it", async () => {
    const files = {
      "sub/reading.json": '{ "type": "object" }',
      "sub/connector.config.yaml": "rules: { setting/unused: error }\n",
    };
    const stdin = warned.replace("items: { type: object }", "items: { $ref: ./reading.json }");
    const ran = await at(["-", "--stdin-filepath", "sub/a.yaml"], stdin, files);
    expect(json(ran)).toMatchObject({ diagnostics: [{ rule: "setting/unused", severity: "error" }] });
    expect((json(ran) as { diagnostics: unknown[] }).diagnostics).toHaveLength(1);
  });

  it("is refused where standard input is not read", async () => {
    const ran = await at(["a.yaml", "--stdin-filepath", "b.yaml"], warned, { "a.yaml": warned });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain("name - as a path too");
  });
});
