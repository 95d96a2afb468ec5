/** `connector diff` as it is run: files, folders, revisions of git, versions that are written. */
import { execFileSync } from "node:child_process";
import { chmod, mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { bumpText } from "../../cli/diff/bump.ts";
import { parseGitAddress, pathInRepository } from "../../cli/diff/git-address.ts";
import { base, lineOf, swapped } from "../compiler/diff/support.ts";
import { folderWith, json, type Ran, run } from "./support.ts";

const env = { PATH: process.env.PATH };
const slower = swapped(base, "limit: 100", "limit: 50");
const breaking = swapped(
  base,
  "        required: true\n      - name: priority",
  "        required: true\n      - { name: kind, location: body, required: true }\n      - name: priority",
);

/** A repository whose only commit has these files. */
async function repository(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await folderWith(files);
  const git = (...words: string[]): void => {
    execFileSync("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@example.com", ...words], {
      stdio: "ignore",
    });
  };
  git("init", "-q", "-b", "main");
  git("add", ".");
  git("commit", "-q", "-m", "one");
  git("tag", "v1");
  return folder;
}

async function put(folder: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

const diff = (cwd: string, ...words: string[]): Promise<Ran> => run(["diff", ...words], { cwd, env });

describe("connector diff", () => {
  it("shows each change with its place in both files, and what the version must be", async () => {
    const cwd = await folderWith({ "old.yaml": base, "new.yaml": slower });
    const ran = await diff(cwd, "old.yaml", "new.yaml");
    expect(ran.code).toBe(1);
    expect(ran.stderr).toBe("");
    const line = lineOf(base, "limit: 100");
    expect(ran.stdout).toContain(
      "minor: `per_account`: `limit` changed from `100` to `50`. [diff/limit-lowered]",
    );
    expect(ran.stdout).toContain(`--- old.yaml:${line}:12`);
    expect(ran.stdout).toContain(`+++ new.yaml:${line}:12`);
    expect(ran.stdout).toContain("it must be at least 1.1.0. [diff/version-not-raised]");
  });

  it("is content with a version that allows the changes, and with no change at all", async () => {
    const raised = swapped(slower, "version: 1.0.0", "version: 1.1.0");
    const cwd = await folderWith({ "old.yaml": base, "new.yaml": raised, "same.yaml": `# Same\n${base}` });
    expect(await diff(cwd, "old.yaml", "new.yaml")).toMatchObject({ code: 0, stderr: "" });
    const same = await diff(cwd, "old.yaml", "same.yaml");
    expect(same).toMatchObject({ code: 0, stderr: "" });
    expect(same.stdout).toContain("no changes");
  });

  it.each([
    ["major", 0],
    ["minor", 1],
    ["patch", 1],
    ["none", 0],
  ] as const)("fails on %s changes with code %i", async (level, code) => {
    const cwd = await folderWith({
      "old.yaml": base,
      "new.yaml": swapped(slower, "version: 1.0.0", "version: 1.1.0"),
    });
    expect((await diff(cwd, "old.yaml", "new.yaml", "--fail-on", level)).code).toBe(code);
  });

  it("prints one JSON object that its schema describes", async () => {
    const schema = JSON.parse(
      await readFile(new URL("../../schema/diff.schema.json", import.meta.url), "utf8"),
    );
    const isReport = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
    const cwd = await folderWith({
      "old.yaml": base,
      "new.yaml": breaking,
      "a/desk.yaml": base,
      "b/help.yaml": swapped(base, "slug: desk", "slug: help"),
      "b/desk.yaml": base,
    });
    for (const words of [
      ["old.yaml", "new.yaml"],
      ["old.yaml", "old.yaml"],
      ["a", "b"],
      ["b", "a"],
    ]) {
      const ran = await diff(cwd, ...words, "--format", "json");
      const report = json(ran);
      expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true);
    }
    expect(json(await diff(cwd, "old.yaml", "new.yaml", "--format", "json"))).toMatchObject({
      version: 1,
      ok: false,
      connectors: [
        {
          slug: "desk",
          floor: "major",
          least_version: "2.0.0",
          problem: { rule: "diff/version-not-raised" },
          changes: [
            {
              rule: "diff/parameter-added-required",
              subjects: ["operation create_ticket"],
              tools: ["create_ticket"],
            },
          ],
        },
      ],
    });
  });

  it("writes Markdown in which nothing of a descriptor is alive", async () => {
    const hostile = swapped(base, "mcp_tool_name: search_tickets", "mcp_tool_name: find_tickets").replace(
      "X-Source: connector",
      'X-Source: "@everyone <img src=x> [a](http://evil.example) `www.evil.example`"',
    );
    const cwd = await folderWith({ "old.yaml": base, "new.yaml": hostile });
    const { stdout } = await diff(cwd, "old.yaml", "new.yaml", "--format", "markdown");
    expect(stdout).toContain("### Breaking changes");
    expect(stdout).toContain(
      "- `find_tickets`: the tool `search_tickets` is called `find_tickets` now. (`diff/tool-renamed`, line",
    );
    const alive = stdout.replace(/(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, "");
    expect(alive).not.toMatch(/@|<|\[|www|http/);
  });

  it("pairs the connectors of folders by slug, and says which are new or gone", async () => {
    const cwd = await folderWith({
      "old/desk.yaml": base,
      "old/gone.yaml": swapped(base, "slug: desk", "slug: gone"),
      "new/help/desk.yaml": base,
      "new/new.yaml": swapped(base, "slug: desk", "slug: other"),
    });
    const { stdout, code } = await diff(cwd, "old", "new", "--fail-on", "major");
    expect(code).toBe(1);
    expect(stdout).toContain("[diff/connector-removed]");
    expect(stdout).toContain("[diff/connector-added]");
    expect(stdout).toContain("desk 1.0.0 → 1.0.0\n\nno changes");
  });

  it("compares one connector of a file of several", async () => {
    const two = `${base}---\n${swapped(slower, "slug: desk", "slug: help")}`;
    const cwd = await folderWith({
      "old.yaml": `${base}---\n${swapped(base, "slug: desk", "slug: help")}`,
      "new.yaml": two,
    });
    expect((await diff(cwd, "old.yaml", "new.yaml#desk")).code).toBe(0);
    expect((await diff(cwd, "old.yaml#help", "new.yaml#help")).stdout).toContain("diff/limit-lowered");
    expect((await diff(cwd, "old.yaml", "new.yaml")).stdout).toContain("diff/limit-lowered");
  });

  it("reads NEW from standard input", async () => {
    const cwd = await folderWith({ "old.yaml": base });
    const ran = await run(["diff", "old.yaml", "-"], { cwd, env, stdin: slower });
    expect(ran.stdout).toContain("diff/limit-lowered");
  });

  it("tells the errors of a descriptor and compares nothing", async () => {
    const broken = swapped(
      base,
      "auth_type_ref: api_key\n    parameters",
      "auth_type_ref: nobody\n    parameters",
    );
    const cwd = await folderWith({ "old.yaml": base, "new.yaml": broken });
    for (const words of [
      ["old.yaml", "new.yaml"],
      ["new.yaml", "old.yaml"],
    ]) {
      const ran = await diff(cwd, ...words);
      expect(ran).toMatchObject({ code: 2, stdout: "" });
      expect(ran.stderr).toContain("[reference/unknown-profile]");
      expect(ran.stderr).toContain("new.yaml has errors, so nothing was compared");
      expect(json(await diff(cwd, ...words, "--format", "json"))).toEqual({
        version: 1,
        ok: false,
        connectors: [],
      });
    }
  });

  it.each([
    [["missing.yaml", "new.yaml"], "there is no such file"],
    [["new.yaml", "missing.yaml"], "there is no such file"],
    [["-", "-"], "standard input can be one side only"],
  ])("says of %j what is wrong", async (words, sentence) => {
    const cwd = await folderWith({ "new.yaml": base });
    const ran = await diff(cwd, ...words);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toContain(sentence);
    expect(ran.stderr).not.toContain("    at ");
  });
});

describe("connector diff git:REV", () => {
  it("reads NEW's own path at a revision, from wherever it is run", async () => {
    const cwd = await repository({ "apis/desk.yaml": base });
    await put(cwd, "apis/desk.yaml", slower);
    for (const [folder, ...words] of [
      [cwd, "git:main", "apis/desk.yaml"],
      [cwd, "git:v1", "apis/desk.yaml"],
      [cwd, "git:HEAD", "apis"],
      [cwd, "git:main:apis/desk.yaml", "apis/desk.yaml"],
      [join(cwd, "apis"), "git:main", "desk.yaml"],
      [join(cwd, "apis"), "git:main:./desk.yaml", "desk.yaml"],
      [join(cwd, "apis"), "git:main", "."],
    ] as const) {
      const ran = await diff(folder, ...words);
      expect(ran.stderr).toBe("");
      expect(ran.stdout, words.join(" ")).toContain("diff/limit-lowered");
      expect(ran.code).toBe(1);
    }
  });

  it("reads schema files of the same revision", async () => {
    const use = swapped(
      base,
      'response_schema: { $ref: "#/schemas/Ticket" }',
      "response_schema: { $ref: ./schemas/one.json }",
    );
    const schema = (max: number): string => JSON.stringify({ type: "object", maxProperties: max });
    const cwd = await repository({ "d/desk.yaml": use, "d/schemas/one.json": schema(5) });
    await put(cwd, "d/schemas/one.json", schema(6));
    const ran = await diff(cwd, "git:main", "d/desk.yaml");
    expect(ran.stderr).toBe("");
    expect(ran.stdout).toContain("`maxProperties` of `one` changed from `5` to `6`");
  });

  it.each([
    ["git:nope", "the repository has no revision nope"],
    ["git:main:other.yaml", "there is no other.yaml at main"],
    ["git:main:link.yaml", "link.yaml is a link at main"],
    ["git:main:../out.yaml", "leaves the repository"],
    ["git:", "names no revision"],
    ["git:--output=x", "names no revision"],
    ["git:-p", "names no revision"],
    ["git:main..HEAD", "names no revision"],
    ["git::/fix", "names no revision"],
    ["git:main:/etc/passwd", "names no file in the repository"],
    ["git:$(touch x)", "names no revision"],
  ])("refuses %s in a sentence", async (old, sentence) => {
    const cwd = await folderWith({ "desk.yaml": base });
    await symlink("desk.yaml", join(cwd, "link.yaml"));
    const git = (...words: string[]): unknown =>
      execFileSync("git", ["-C", cwd, "-c", "user.name=t", "-c", "user.email=t@example.com", ...words], {
        stdio: "ignore",
      });
    git("init", "-q", "-b", "main");
    git("add", ".");
    git("commit", "-q", "-m", "one");
    const ran = await diff(cwd, old, "desk.yaml");
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toContain(sentence);
    expect(ran.stderr).not.toContain("    at ");
  });

  it("says where there is no repository, and where there is no git", async () => {
    const cwd = await folderWith({ "desk.yaml": base });
    expect((await diff(cwd, "git:main", "desk.yaml")).stderr).toContain("is in no git repository");
    const without = await run(["diff", "git:main", "desk.yaml"], { cwd, env: { PATH: cwd } });
    expect(without).toMatchObject({ code: 2, stdout: "" });
    expect(without.stderr).toContain("git is not installed");
  });

  it("runs nothing that a repository or the environment asks for", async () => {
    const cwd = await repository({ "desk.yaml": base, ".gitattributes": "*.yaml diff=evil\n" });
    const trap = join(cwd, "trap.sh");
    await writeFile(trap, `#!/bin/sh\ntouch ${join(cwd, "sprung")}\n`);
    await chmod(trap, 0o755);
    for (const key of [
      "core.fsmonitor",
      "diff.evil.textconv",
      "diff.external",
      "core.pager",
      "core.sshCommand",
    ])
      execFileSync("git", ["-C", cwd, "config", key, trap]);
    const hostile = {
      ...env,
      GIT_DIR: "/nowhere",
      GIT_EXTERNAL_DIFF: trap,
      GIT_PAGER: trap,
      GIT_EXEC_PATH: cwd,
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "core.fsmonitor",
      GIT_CONFIG_VALUE_0: trap,
    };
    expect(await run(["diff", "git:main", "desk.yaml"], { cwd, env: hostile })).toMatchObject({
      code: 0,
      stderr: "",
    });
    await expect(stat(join(cwd, "sprung"))).rejects.toThrow();
  });

  it("takes the revisions that people write, and paths within the repository", () => {
    for (const revision of [
      "main",
      "HEAD",
      "HEAD~3",
      "HEAD^2",
      "v1.2.0",
      "origin/main",
      "feature/x-y",
      "1e7bd7f",
      "main@{1}",
      "@",
      "v1^{}",
    ])
      expect(parseGitAddress(`git:${revision}`)).toEqual({ revision });
    expect(parseGitAddress("git:v1:a/b.yaml#desk")).toEqual({
      revision: "v1",
      path: "a/b.yaml",
      slug: "desk",
    });
    expect(parseGitAddress("desk.yaml")).toBeUndefined();
    expect(pathInRepository("a/b/", "../c.yaml")).toBe("a/c.yaml");
    expect(pathInRepository("a/", "../../c.yaml")).toBeUndefined();
    expect(pathInRepository("a/", "c.yaml")).toBe("c.yaml");
    expect(pathInRepository("a/", "x/../../c.yaml")).toBeUndefined();
  });
});

describe("docs/cli.md", () => {
  it("shows lines that work in a repository", async () => {
    const page = await readFile(new URL("../../docs/cli.md", import.meta.url), "utf8");
    const lines = /```sh git\n([\s\S]*?)```/.exec(page)?.[1]?.trim().split("\n") ?? [];
    expect(lines.length).toBeGreaterThan(2);
    const cwd = await repository({ "desk.yaml": base, "connectors/desk.yaml": base });
    execFileSync("git", ["-C", cwd, "tag", "v1.2.0"]);
    execFileSync("git", ["-C", cwd, "update-ref", "refs/remotes/origin/main", "HEAD"]);
    for (const line of lines) {
      const ran = await run(line.split(" ").slice(1), { cwd, env });
      expect(ran, line).toMatchObject({ code: 0, stderr: "" });
      expect(ran.stdout).toContain("no changes");
    }
  });
});

describe("connector diff --auto-bump", () => {
  it("writes the least version, keeps all else, and is content then", async () => {
    const cwd = await folderWith({ "old.yaml": base, "new.yaml": slower });
    await chmod(join(cwd, "new.yaml"), 0o640);
    const ran = await diff(cwd, "old.yaml", "new.yaml", "--auto-bump");
    expect(ran.code).toBe(0);
    expect(ran.stderr).toBe("new.yaml: version 1.1.0\n");
    expect(await readFile(join(cwd, "new.yaml"), "utf8")).toBe(
      swapped(slower, "version: 1.0.0", "version: 1.1.0"),
    );
    expect((await stat(join(cwd, "new.yaml"))).mode & 0o777).toBe(0o640);
    expect((await diff(cwd, "old.yaml", "new.yaml", "--auto-bump")).stderr).toBe("");
  });

  it("follows a link, and keeps a byte order mark and CR LF", async () => {
    const text = `\ufeff${slower.replaceAll("\n", "\r\n")}`;
    const cwd = await folderWith({ "old.yaml": base, "real.yaml": text });
    await symlink("real.yaml", join(cwd, "new.yaml"));
    expect((await diff(cwd, "old.yaml", "new.yaml", "--auto-bump")).code).toBe(0);
    expect(await readFile(join(cwd, "real.yaml"), "utf8")).toBe(
      text.replace("version: 1.0.0", "version: 1.1.0"),
    );
  });

  it("raises each connector of a file for itself", async () => {
    const two = (one: string, other: string): string =>
      `${one}---\n${swapped(other, "slug: desk", "slug: help")}`;
    const cwd = await folderWith({ "old.yaml": two(base, base), "new.yaml": two(slower, breaking) });
    await diff(cwd, "old.yaml", "new.yaml", "--auto-bump");
    const versions = [
      ...(await readFile(join(cwd, "new.yaml"), "utf8")).matchAll(/^ {2}version: (.*)$/gm),
    ].map(([, version]) => version);
    expect(versions).toEqual(["1.1.0", "2.0.0"]);
  });

  it("refuses where NEW is no file", async () => {
    const cwd = await folderWith({ "old.yaml": base });
    const ran = await run(["diff", "old.yaml", "-", "--auto-bump"], { cwd, env, stdin: slower });
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toContain("--auto-bump writes into a file");
  });

  it.each([
    [
      "plain",
      "metadata:\n  slug: a\n  version: 1.0.0 # why\n",
      "metadata:\n  slug: a\n  version: 2.0.0 # why\n",
    ],
    [
      "double quotes",
      'metadata: { slug: a, version: "1.0.0" }\n',
      'metadata: { slug: a, version: "2.0.0" }\n',
    ],
    ["single quotes", "metadata:\n  version: '1.0.0'\n", "metadata:\n  version: '2.0.0'\n"],
    [
      "an anchor",
      "metadata:\n  version: &v 1.0.0\n  slug: a\n",
      "metadata:\n  version: &v 2.0.0\n  slug: a\n",
    ],
    [
      "a block scalar",
      "metadata:\n  version: >-\n    1.0.0\n  slug: a\n",
      'metadata:\n  version: "2.0.0"\n  slug: a\n',
    ],
    ["nothing", "metadata:\n  version:\n  slug: a\n", "metadata:\n  version: 2.0.0\n  slug: a\n"],
    ["none, where the only key is explicit", "metadata:\n  ? slug\n  : a\n", undefined],
    ["JSON", '{ "metadata": { "version": "1.0.0" } }', '{ "metadata": { "version": "2.0.0" } }'],
    [
      "none, in a block",
      "metadata:\n  name: A\n  slug: a # id\n",
      "metadata:\n  name: A\n  version: 2.0.0\n  slug: a # id\n",
    ],
    ["none, with CR LF", "metadata:\r\n  slug: a\r\n", "metadata:\r\n  version: 2.0.0\r\n  slug: a\r\n"],
    [
      "none, in a flow",
      "metadata: { name: A, slug: a }\n",
      "metadata: { name: A, version: 2.0.0, slug: a }\n",
    ],
    [
      "none, in JSON",
      '{ "metadata": { "slug": "a" } }',
      '{ "metadata": { "version": "2.0.0", "slug": "a" } }',
    ],
    [
      "none, in JSON of several lines",
      '{\n  "metadata": {\n    "slug": "a"\n  }\n}',
      '{\n  "metadata": {\n    "version": "2.0.0",\n    "slug": "a"\n  }\n}',
    ],
  ])("writes over a version in %s", (title, text, wanted) => {
    const format = title.includes("JSON") ? "json" : "yaml";
    expect(bumpText(text, format, [{ document: 0, version: "2.0.0" }])).toBe(wanted);
  });
});
