/** The GitHub Action's script on the packed package, with what a runner gives it. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { weather } from "../cli/support.ts";

const root = join(import.meta.dirname, "..", "..");
const execute = promisify(execFile);
const warned = weather.replace("  - key: region\n", "  - key: colour\n    label: Colour\n  - key: region\n");
const broken = weather.replace("auth_type_ref: api_key", "auth_type_ref: api_keys");

let folder = "";
let tarball = "";

interface Step {
  readonly code: number;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** Runs the step in a fresh workspace; `inputs` are named as `action.yml` names its variables. */
async function step(
  files: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, string>>,
): Promise<Step> {
  const place = await mkdtemp(join(folder, "runner-"));
  const [workspace, temporary] = [join(place, "work space"), join(place, "temp")];
  await mkdir(workspace);
  await mkdir(temporary);
  for (const [path, text] of Object.entries(files)) await writeFile(join(workspace, path), text);
  const [outputs, summary] = [join(place, "outputs"), join(place, "summary")];
  await writeFile(outputs, "");
  await writeFile(summary, "");
  const { PATH, HOME, npm_config_cache } = process.env;
  const env = {
    PATH,
    HOME,
    ...(npm_config_cache ? { npm_config_cache } : {}),
    npm_config_prefer_offline: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_WORKSPACE: workspace,
    GITHUB_OUTPUT: outputs,
    GITHUB_STEP_SUMMARY: summary,
    RUNNER_TEMP: temporary,
    CONNECTOR_VERSION: tarball,
    CONNECTOR_PATHS: ".",
    CONNECTOR_PRESET: "",
    CONNECTOR_ARGS: "",
    ...inputs,
  };
  const ran = await execute(process.execPath, [join(root, "action/validate.mjs")], {
    cwd: workspace,
    env,
  }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  const written = (await readFile(outputs, "utf8")).trimEnd().split("\n");
  return {
    code: ran.code,
    log: ran.stdout + ran.stderr,
    outputs: Object.fromEntries(written.map((line) => line.split(/=(.*)/s).slice(0, 2))),
    summary: await readFile(summary, "utf8"),
  };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "connector-action-"));
  await execute("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: root });
  const name = (await readdir(folder)).find((file) => file.endsWith(".tgz"));
  tarball = join(folder, name ?? "");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("action/validate.mjs", () => {
  it("annotates findings, writes SARIF and a summary, and fails by errors", async () => {
    const { code, log, outputs, summary } = await step({ "a.yaml": broken }, {});
    expect(code).toBe(1);
    expect(outputs["exit-code"]).toBe("1");
    expect(log).toMatch(/^::error .*file=a\.yaml,line=30/m);
    const sarif = JSON.parse(await readFile(outputs["sarif-file"] ?? "", "utf8")) as {
      version: string;
      runs: { results: { ruleId: string }[] }[];
    };
    expect(sarif.version).toBe("2.1.0");
    expect(sarif.runs[0]?.results[0]?.ruleId).toBe("reference/unknown-profile");
    expect(summary).toContain("reference/unknown-profile");
  });

  it("passes where nothing fails, and takes paths, preset and further arguments as they are", async () => {
    const files = { "a b.yaml": warned, "$(touch pwned).yaml": weather, "c.yaml": broken };
    const { code, outputs, log } = await step(files, {
      CONNECTOR_PATHS: "a b.yaml\n$(touch pwned).yaml\n",
      CONNECTOR_PRESET: "minimal",
      CONNECTOR_ARGS: "--max-warnings\n0\n--fail-severity\nwarning",
    });
    expect(log).not.toContain("::error");
    expect(code).toBe(0);
    expect(outputs["exit-code"]).toBe("0");
    expect(existsSync(join(outputs["sarif-file"] ?? "", "..", "..", "..", "work space", "pwned"))).toBe(
      false,
    );
  });

  it("does not read a path as an option", async () => {
    const { code, log } = await step({ "a.yaml": weather }, { CONNECTOR_PATHS: "--fail-severity=none" });
    expect(code).toBe(2);
    expect(log).toContain("cannot open --fail-severity=none");
  });
});
