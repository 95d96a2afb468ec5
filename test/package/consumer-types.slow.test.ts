/**
 * Type checks of a consumer that skips no declarations (`skipLibCheck: false`) and has no `@types/node`, against the built
 * package (`npm run build` first).
 */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emitTypeScript } from "../../compiler/emit/typescript/index.ts";
import { emitStandalone } from "../../compiler/emit/typescript/standalone/index.ts";
import { connectorOf, small } from "../compiler/emit/support/small-client.ts";

const root = join(import.meta.dirname, "..", "..");
const execute = promisify(execFile);
const compilers = { "TypeScript 5.9": "typescript", "TypeScript 7": "typescript7" } as const;

let folder = "";

const use = `import { createRuntime, loadConnector } from "connectorc";
import { compile } from "connectorc/compiler";
import { createGate } from "connectorc/gate";
import { createRuntime as create, type Transport } from "connectorc/runtime";
import { createSmall } from "./runtime/small/index.js";
import { createSmall as createAlone } from "./standalone/small/index.js";
const options = { profile: "bearer", credentials: { token: "t" }, config: { base_url: "https://x.test" } } as const;
export async function run(transport: Transport): Promise<unknown> {
  const runtime = createRuntime({ network: { lookup: (_host, _how, found) => found(null, "127.0.0.1", 4) }, transport });
  for await (const thing of createSmall({ ...options, runtime }).listThings()) return thing;
  const alone = await createAlone(options).listThings({ page: 2 }, { timeoutMs: 5 });
  return [alone, compile, create, createGate, loadConnector];
}
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "consumer-types-"));
  const installed = join(folder, "node_modules", "connectorc");
  // A copy: through a link the compilers would find the packages of this repository beside it.
  await cp(join(root, "dist"), join(installed, "dist"), {
    recursive: true,
    filter: (path) => !/\.(?:c?js|json|txt|map)$/.test(path),
  });
  await cp(join(root, "package.json"), join(installed, "package.json"));
  const ir = await connectorOf(small);
  for (const [mode, files] of [
    ["runtime", await emitTypeScript(ir)],
    ["standalone", await emitStandalone(ir)],
  ] as const)
    for (const { path, text } of files) await write(join(mode, path), text);
  await write("package.json", '{ "type": "module" }');
  await write("use.ts", use);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** What the compiler says of the project; nothing where it is content. */
async function check(compiler: keyof typeof compilers, settings: object): Promise<string> {
  const compilerOptions = { target: "es2022", strict: true, skipLibCheck: false, types: [], ...settings };
  const config = `tsconfig.${Object.values(settings).flat().join("-")}.json`;
  await write(
    config,
    JSON.stringify({ compilerOptions: { ...compilerOptions, noEmit: true }, files: ["use.ts"] }),
  );
  const tsc = join(root, "node_modules", compilers[compiler], "bin/tsc");
  return execute(process.execPath, [tsc, "-p", join(folder, config), "--pretty", "false"]).then(
    ({ stdout }) => stdout,
    ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`,
  );
}

const plain = ["es2023"];
const dom = ["es2023", "dom", "dom.iterable"];

describe("the declarations of the package and of its clients", () => {
  it.each([
    ["TypeScript 7", { module: "esnext", moduleResolution: "bundler", lib: plain }],
    ["TypeScript 7", { module: "esnext", moduleResolution: "bundler", lib: dom }],
    ["TypeScript 7", { module: "node16", moduleResolution: "node16", lib: plain }],
    ["TypeScript 7", { module: "nodenext", moduleResolution: "nodenext", lib: plain }],
    ["TypeScript 7", { module: "nodenext", moduleResolution: "nodenext", lib: dom }],
    ["TypeScript 5.9", { module: "esnext", moduleResolution: "bundler", lib: dom }],
    ["TypeScript 5.9", { module: "node16", moduleResolution: "node16", lib: plain }],
    ["TypeScript 5.9", { module: "nodenext", moduleResolution: "nodenext", lib: plain }],
  ] as const)("need no types but their own: %s, %j", async (compiler, settings) => {
    expect(await check(compiler, settings)).toBe("");
  });
});
