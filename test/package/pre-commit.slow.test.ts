/** The pre-commit hook in a repository: the packed program on the staged files that the hook's pattern takes. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { folderWith, weather } from "../cli/support.ts";

const root = join(import.meta.dirname, "..", "..");
const [hook] = parse(readFileSync(join(root, ".pre-commit-hooks.yaml"), "utf8")) as readonly [
  { readonly entry: string; readonly files: string },
];
const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  bin: Readonly<Record<string, string>>;
};

/** What pre-commit does: the entry's words, and after them the staged files whose path the pattern finds. */
const script = `
const { execFileSync, spawnSync } = require("node:child_process");
const staged = execFileSync("git", ["diff", "--cached", "--name-only", "--diff-filter=ACMR", "-z"], { encoding: "utf8" });
const files = staged.split("\\0").filter((file) => file !== "" && new RegExp(process.env.HOOK_FILES).test(file));
if (files.length === 0) process.exit(0);
const [program, ...words] = process.env.HOOK_ENTRY.split(" ");
const path = JSON.parse(process.env.HOOK_BIN)[program];
process.exit(spawnSync(process.execPath, [path, ...words, ...files], { stdio: "inherit" }).status);
`;

/** Commits files in a repository with the hook; answers git's exit code and what the hook said. */
async function commit(
  files: Readonly<Record<string, string>>,
): Promise<{ code: number | null; said: string }> {
  const home = await folderWith({ "hook.cjs": script });
  const repository = join(home, "repository");
  const git = (...words: readonly string[]): string =>
    execFileSync("git", ["-C", repository, ...words], { encoding: "utf8", env });
  const paths = Object.fromEntries(Object.entries(bin).map(([name, path]) => [name, join(root, path)]));
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    GIT_CONFIG_NOSYSTEM: "1",
    HOOK_FILES: hook.files,
    HOOK_ENTRY: hook.entry,
    HOOK_BIN: JSON.stringify(paths),
  };
  mkdirSync(repository);
  git("init", "--quiet");
  const file = join(repository, ".git", "hooks", "pre-commit");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${join(home, "hook.cjs")}"\n`, { mode: 0o755 });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), text);
  }
  git("add", ".");
  const identity = ["-c", "user.name=A", "-c", "user.email=a@example.com"];
  const { status, stdout, stderr } = spawnSync(
    "git",
    ["-C", repository, ...identity, "commit", "-m", "One"],
    {
      encoding: "utf8",
      env,
    },
  );
  return { code: status, said: stdout + stderr };
}

describe.skipIf(process.platform === "win32")("the pre-commit hook", () => {
  it("refuses a commit with a broken descriptor, and says why", async () => {
    const broken = weather.replace("auth_type_ref: api_key", "auth_type_ref: api_keys");
    const { code, said } = await commit({ "a/connector.yaml": broken, "b/connector.yaml": weather });
    expect(code).not.toBe(0);
    expect(said).toContain("reference/unknown-profile");
    expect(said).toContain("a/connector.yaml");
  });

  it("lets right descriptors and all other files pass", async () => {
    const { code, said } = await commit({ "connector.yaml": weather, "values.yaml": "a: [\n" });
    expect(said).toContain("1 file: no errors");
    expect(code).toBe(0);
  });
});
