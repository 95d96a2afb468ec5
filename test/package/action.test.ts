/** The GitHub Action and the pre-commit hook as files: what the services that read them are told. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const root = join(import.meta.dirname, "..", "..");
const text = (path: string): string => readFileSync(join(root, path), "utf8");

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Readonly<Record<string, unknown>>[] };
}

const action = parse(text("action.yml")) as Action;

describe("action.yml", () => {
  it("puts no expression into a script: inputs go through variables", () => {
    const scripts = action.runs.steps.flatMap(({ run }) => (typeof run === "string" ? [run] : []));
    expect(scripts).toHaveLength(1);
    for (const script of scripts) expect(script).not.toContain("${{");
  });

  it("hands every input on", () => {
    const steps = JSON.stringify(action.runs.steps);
    expect(Object.keys(action.inputs).filter((name) => !steps.includes(`inputs.${name}`))).toEqual([]);
    expect(action.runs.using).toBe("composite");
  });

  it("is described, input by input, on its page", () => {
    const page = text("docs/ci.md");
    for (const name of Object.keys(action.inputs)) expect(page).toContain(`\n| \`${name}\` |`);
    for (const name of Object.keys(action.outputs)) expect(page).toContain(`\`${name}\``);
  });

  it("has the inputs that its page gives it", () => {
    const workflow = parse(/```yaml workflow\n([\s\S]*?)```/.exec(text("docs/ci.md"))?.[1] ?? "") as {
      jobs: { validate: { steps: { uses: string; with?: object }[] } };
    };
    const step = workflow.jobs.validate.steps.find(({ uses }) => uses.startsWith("OWNER/connectorc@"));
    expect(Object.keys(step?.with ?? {})).toEqual(["paths", "preset"]);
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(step?.with ?? {})));
  });

  it.each([
    ["a source of another package", "npm:left-pad@1", "is no version"],
    ["an address", "https://example.com/x", "is no version"],
    ["an option", "--global", "is no version"],
    ["a command of the runner", "1\n::set-output name=x::y", "is no version"],
    ["a packed file that is not there", "nowhere.tgz", "there is no file nowhere.tgz"],
  ])("refuses %s as the version, before anything is installed", (_, version, words) => {
    const { status, stdout } = spawnSync(process.execPath, [join(root, "action/validate.mjs")], {
      env: { PATH: "", CONNECTOR_VERSION: version },
      encoding: "utf8",
    });
    expect(status).toBe(2);
    expect(stdout).toContain(words);
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
    expect(stdout).toMatch(/^::error title=connector validate::/);
  });
});

describe(".pre-commit-hooks.yaml", () => {
  const [hook] = parse(text(".pre-commit-hooks.yaml")) as readonly Readonly<Record<string, unknown>>[];

  it("names a program that the package has", () => {
    expect(hook).toMatchObject({ id: "connector-validate", language: "node", types_or: ["yaml", "json"] });
    const [program, verb] = String(hook?.entry).split(" ");
    expect(Object.keys((JSON.parse(text("package.json")) as { bin: object }).bin)).toContain(program);
    expect(verb).toBe("validate");
  });

  it.each([
    ["connector.yaml", true],
    ["a/b/connector.yml", true],
    ["a/jira.connector.json", true],
    ["connector.config.yaml", false],
    ["desk.connection.yaml", false],
    ["myconnector.yaml", false],
    ["connector.yaml.bak", false],
  ])("takes %s: %s", (path, taken) => {
    expect(new RegExp(String(hook?.files)).test(path)).toBe(taken);
  });
});
