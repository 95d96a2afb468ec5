/** The package as a stranger meets it: packed, installed into an empty project, loaded in both ways, and judged. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { weather } from "../cli/support.ts";
import { packageOf } from "../support/imports.ts";

const root = join(import.meta.dirname, "..", "..");
const execute = promisify(execFile);

let folder = "";
let project = "";
let tarball = "";

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(program: string, args: readonly string[], cwd: string): Promise<Ran> {
  // Variables that npm sets for its scripts would point the inner npm at the outer project.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(?:npm_(?:package|lifecycle|command|execpath)|VITEST|NODE_ENV|FORCE_COLOR|NO_COLOR|INIT_CWD)/.test(
          name,
        ),
    ),
  );
  try {
    const { stdout, stderr } = await execute(program, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 });
    return { code: 0, stdout, stderr };
  } catch (error) {
    if (error instanceof Error && "stdout" in error && "stderr" in error && "code" in error)
      return { code: Number(error.code), stdout: String(error.stdout), stderr: String(error.stderr) };
    throw error;
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "connector-package-"));
  project = join(folder, "project");
  await mkdir(project);
  const packed = await run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], root);
  expect(packed.code, packed.stderr).toBe(0);
  const name = (await readdir(folder)).find((file) => file.endsWith(".tgz"));
  tarball = join(folder, name ?? "");
  await writeFile(
    join(project, "package.json"),
    '{ "name": "consumer", "private": true, "type": "module" }\n',
  );
  await writeFile(join(project, "weather.yaml"), weather);
  const installed = await run(
    "npm",
    ["install", tarball, "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"],
    project,
  );
  expect(installed.code, installed.stderr).toBe(0);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the packed package", () => {
  it("is loaded by import", async () => {
    const text = `
      import { loadConnector, validate, compile, createRuntime, ConnectorError } from "connectorc";
      import * as runtime from "connectorc/runtime";
      import * as compiler from "connectorc/compiler";
      import * as testing from "connectorc/testing";
      import { readFile } from "node:fs/promises";
      const result = await compile(await readFile("weather.yaml", "utf8"));
      const { valid } = await validate({});
      console.log(JSON.stringify({
        slug: result.ir.slug, valid, sameError: ConnectorError === runtime.ConnectorError,
        functions: [loadConnector, validate, createRuntime, runtime.createRuntime, compiler.compile, testing.startServer].map((one) => typeof one),
      }));`;
    await writeFile(join(project, "by-import.mjs"), text);
    const ran = await run(process.execPath, ["by-import.mjs"], project);
    expect(ran.stderr).toBe("");
    expect(JSON.parse(ran.stdout)).toEqual({
      slug: "weather-desk",
      valid: false,
      sameError: true,
      functions: Array(6).fill("function"),
    });
  });

  it("is loaded by require()", async () => {
    const text = `
      const { compile, ConnectorError } = require("connectorc");
      const runtime = require("connectorc/runtime");
      const schema = require("connectorc/schema");
      for (const entry of ["compiler", "testing"]) require("connectorc/" + entry);
      compile(require("node:fs").readFileSync("weather.yaml", "utf8")).then(({ ir }) =>
        console.log(JSON.stringify({ slug: ir.slug, sameError: ConnectorError === runtime.ConnectorError, schema: schema.$schema })));`;
    await writeFile(join(project, "by-require.cjs"), text);
    const ran = await run(process.execPath, ["--no-warnings", "by-require.cjs"], project);
    expect(ran.stderr).toBe("");
    expect(JSON.parse(ran.stdout)).toEqual({
      slug: "weather-desk",
      sameError: true,
      schema: "https://json-schema.org/draft/2020-12/schema",
    });
  });

  it("brings a program that validates, builds and tells its version", async () => {
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    expect(await run("npx", ["connector", "--version"], project)).toMatchObject({
      code: 0,
      stdout: `${version}\n`,
    });
    expect(
      await run(join(project, "node_modules/.bin/connector"), ["validate", "weather.yaml"], project),
    ).toMatchObject({
      code: 0,
      stderr: "",
    });
    const built = await run("npx", ["connector", "build", "weather.yaml", "--out", "generated"], project);
    expect(built.code, built.stderr).toBe(0);
    expect(await readdir(join(project, "generated", "weather-desk"))).toEqual(
      expect.arrayContaining(["index.ts", "ir.json"]),
    );
  });

  it("type-checks for a consumer, the generated client included", async () => {
    await run("npx", ["connector", "build", "weather.yaml", "--out", "generated"], project);
    await writeFile(
      join(project, "use.ts"),
      `import { compile, ConnectorError, createRuntime, type Connector } from "connectorc";
import { startServer } from "connectorc/testing";
export * from "./generated/weather-desk/index.js";
export async function use(ir: Connector): Promise<unknown> {
  const runtime = createRuntime();
  const { data } = await runtime.connect(ir, { credentials: { api_token: "t" } }).call("list_readings", { station: "A" });
  return [data, startServer, compile, ConnectorError];
}
`,
    );
    await writeFile(
      join(project, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          module: "NodeNext",
          target: "ES2023",
          strict: true,
          noEmit: true,
          types: ["node"],
          typeRoots: [join(root, "node_modules/@types")],
        },
        files: ["use.ts"],
      }),
    );
    const ran = await run(
      process.execPath,
      [join(root, "node_modules/typescript/bin/tsc"), "-p", "."],
      project,
    );
    expect(ran.stdout + ran.stderr).toBe("");
  });

  it("loads no compiler package with connectorc/runtime", async () => {
    const dist = join(project, "node_modules/connectorc/dist");
    const packages = new Set<string>();
    const seen = new Set<string>();
    const visit = async (file: string): Promise<void> => {
      if (seen.has(file)) return;
      seen.add(file);
      const text = await readFile(file, "utf8");
      expect(text).not.toContain("YAMLParseError");
      for (const [, target = ""] of text.matchAll(/(?:from|import|import\() ?"([^"]+)"/g)) {
        if (target.startsWith(".")) await visit(join(dirname(file), target));
        else if (!target.startsWith("node:")) packages.add(packageOf(target));
      }
    };
    await visit(join(dist, "runtime/index.js"));
    expect([...packages].sort()).toEqual([
      "csv-parse",
      "fast-xml-parser",
      "json-p3",
      "jsonpath-plus",
      "oauth4webapi",
      "re2js",
      "undici",
    ]);
    const installed = await readdir(join(project, "node_modules"));
    for (const bundled of ["yaml", "ajv", "commander"]) expect(installed).not.toContain(bundled);
  });

  it("satisfies publint", async () => {
    const ran = await run("npx", ["publint", tarball, "--strict"], root);
    expect(ran.code, ran.stdout + ran.stderr).toBe(0);
  });

  it("has types that resolve as its code does, by attw", async () => {
    // The schema is a JSON file and has no types; require() of ES modules is Node's own since 20.19.
    const ran = await run(
      "npx",
      [
        "attw",
        tarball,
        "--profile",
        "esm-only",
        "--exclude-entrypoints",
        "./schema",
        "./package.json",
        "--format",
        "ascii",
        "--no-emoji",
      ],
      root,
    );
    expect(ran.code, ran.stdout + ran.stderr).toBe(0);
  });

  it("names the licences of what it bundles", async () => {
    const notices = await readFile(
      join(project, "node_modules/connectorc/dist/THIRD-PARTY-NOTICES.txt"),
      "utf8",
    );
    for (const bundled of ["yaml ", "commander "]) expect(notices).toContain(`\n${bundled}`);
  });
});
