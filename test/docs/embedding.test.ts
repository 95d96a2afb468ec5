/** The page about embedding against the code: its examples, the members of every option, the error codes. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { errorCodes } from "../../schema/language/error-codes.ts";
import { typeErrors } from "../compiler/emit/support/type-check.ts";

const home = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(`${home}docs/embedding.md`, "utf8");

/** Code with its imports of the package turned to the sources. */
function onSources(code: string): string {
  const entries = {
    connectorc: "index.ts",
    "connectorc/runtime": "runtime/index.ts",
    "connectorc/testing": "runtime/testing/index.ts",
  };
  return Object.entries(entries).reduce(
    (text, [name, file]) => text.replaceAll(`from "${name}"`, `from ${JSON.stringify(home + file)}`),
    code,
  );
}

const blocks = [...page.matchAll(/^```ts( test)?\n([\s\S]*?)^```$/gm)].map(([, kind = "", code = ""]) => ({
  isTest: kind !== "",
  code: onSources(code),
}));

/** What the shorter examples take for given. */
const given = onSources(`
import type { Connection, Runtime } from "connectorc/runtime";
declare global {
  const desk: Connection;
  const runtime: Runtime;
  const ir: unknown;
}
`);

/** The members that a file declares in an interface or in the object types of an alias. */
function membersOf(file: string, name: string): string[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(`${home}${file}`, "utf8"),
    ts.ScriptTarget.Latest,
    true,
  );
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isPropertySignature(node) || ts.isMethodSignature(node)) && ts.isIdentifier(node.name))
      found.push(node.name.text);
    ts.forEachChild(node, visit);
  };
  for (const statement of source.statements)
    if (
      (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) &&
      statement.name.text === name
    )
      visit(statement);
  if (found.length === 0) throw new Error(`${file} declares no ${name}`);
  return found;
}

/** All of the runtime but the list of codes itself. */
function runtimeText(): string {
  const files = readdirSync(`${home}runtime`, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts") && file !== "errors.ts" && !file.startsWith("testing"))
    .map((file) => readFileSync(`${home}runtime/${file}`, "utf8"))
    .join("\n");
}

describe("docs/embedding.md", () => {
  it("has examples that type-check", () => {
    expect(blocks.length).toBeGreaterThanOrEqual(10);
    const files = blocks.map(({ code }, index) => ({
      path: `examples/${index + 1}.ts`,
      text: `${code}export {};\n`,
    }));
    expect(typeErrors([{ path: "examples/given.ts", text: given }, ...files])).toEqual([]);
  });

  it("has tests that pass as they stand", async () => {
    const example = blocks.find(({ isTest }) => isTest);
    const folder = await mkdtemp(join(tmpdir(), "embedding-"));
    try {
      const file = join(folder, "desk.test.mts");
      await writeFile(file, example?.code ?? "");
      const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
      const argv = ["--import", loader, "--test", "--test-reporter=tap", file];
      // Node's runner stays silent below a runner that set this variable.
      const { NODE_TEST_CONTEXT: _, ...env } = process.env;
      const { stdout } = await promisify(execFile)(process.execPath, argv, { env });
      expect(stdout).toContain("reads every ticket");
      expect(stdout).toContain("says so when the store");
      expect(stdout).toMatch(/^# pass 2$/m);
      expect(stdout).toMatch(/^# fail 0$/m);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each([
    ["index.ts", "LoadOptions"],
    ["index.ts", "LoadedConnector"],
    ["runtime/connection/connect-options.ts", "ConnectOptions"],
    ["runtime/credentials/profile-set.ts", "ProfileOptions"],
    ["runtime/credentials/field-source.ts", "CredentialFunction"],
    ["runtime/identity.ts", "Identity"],
    ["runtime/create-runtime.ts", "RuntimeOptions"],
    ["runtime/create-runtime.ts", "Runtime"],
    ["runtime/create-runtime.ts", "RuntimeReport"],
    ["runtime/transport/undici-transport.ts", "NetworkOptions"],
    ["runtime/crypto/keyring.ts", "SecretsOptions"],
    ["runtime/ports.ts", "Logger"],
    ["runtime/connection/connection.ts", "Connection"],
    ["runtime/connection/connection.ts", "RawRequest"],
    ["runtime/connection/connection.ts", "CallOptions"],
    ["runtime/connection/connection.ts", "PageOptions"],
    ["runtime/connection/connection.ts", "CallResult"],
    ["runtime/connection/connection.ts", "Outcome"],
    ["runtime/connection/connection.ts", "Warning"],
    ["runtime/connection/connection.ts", "Health"],
    ["runtime/paginate/page.ts", "Page"],
    ["runtime/errors.ts", "ErrorFields"],
    ["runtime/request/file.ts", "FileValue"],
    ["runtime/telemetry/telemetry.ts", "CallEnd"],
    ["runtime/telemetry/telemetry.ts", "AttemptEvent"],
    ["runtime/telemetry/telemetry.ts", "RefreshEvent"],
    ["runtime/telemetry/channel.ts", "TelemetryOptions"],
    ["runtime/telemetry/sla.ts", "SlaReport"],
    ["runtime/telemetry/sla.ts", "SlaWindow"],
    ["runtime/retry/circuit.ts", "CircuitOptions"],
    ["runtime/retry/circuit.ts", "CircuitReport"],
  ])("%s: names every member of %s", (file, name) => {
    // In code of one line: `timeoutMs`, `call(operation, …)`, `{ ok: true, value }`.
    const words = new Set(
      [...page.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = ""]) => code.match(/\w+/g) ?? []),
    );
    expect(membersOf(file, name).filter((member) => !words.has(member))).toEqual([]);
  });

  it("has a row for every error code, and says which are not raised", () => {
    const rows = new Map(
      [...page.matchAll(/^\| `(\w+)` \| (no|yes|sometimes|mostly) \| (.*) \|$/gm)].map(
        ([, code = "", , text = ""]) => [code, text],
      ),
    );
    const codes = [...errorCodes];
    expect(codes.length).toBeGreaterThan(20);
    expect([...rows.keys()]).toEqual(codes);
    const runtime = runtimeText();
    const unraised = codes.filter((code) => !runtime.includes(`"${code}"`));
    expect(codes.filter((code) => rows.get(code)?.includes("Not raised by this version"))).toEqual(unraised);
  });

  it("names only what connectorc/testing exports", async () => {
    const testing = await import("../../runtime/testing/index.ts");
    const table = page.slice(page.indexOf("| function | what it gives |"));
    const rows = table.slice(0, table.indexOf("\n\n")).match(/^\| `.*?` \|/gm) ?? [];
    const names = rows.flatMap((row) => [...row.matchAll(/`(\w+)/g)].map(([, name = ""]) => name));
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !Object.hasOwn(testing, name))).toEqual([]);
  });

  it("links only to what is there", () => {
    const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\w\- ]/g, "")
        .replaceAll(" ", "-"),
    );
    for (const [, anchor = ""] of page.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor);
  });
});
