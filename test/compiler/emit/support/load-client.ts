import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import type { OutputFile } from "../../../../compiler/emit/output.ts";

/** What a generated client exports, as far as tests use it. */
export type ClientModule = Readonly<Record<string, unknown>>;

/** Imports a client as it was written, over this tree's runtime. */
export async function loadClient(files: readonly OutputFile[]): Promise<ClientModule> {
  const runtime = fileURLToPath(new URL("../../../../runtime/index.ts", import.meta.url));
  return inFolder(async (put) => {
    for (const { path, text } of files)
      await put(path, text.replaceAll('"connectorc/runtime"', JSON.stringify(runtime)));
    return import(await put("end", "").then((end) => join(dirname(end), indexPath(files))));
  });
}

/** Imports many clients, compiled to JavaScript, over a runtime that does nothing: only what an import itself does is seen. */
export async function importAll(emitted: readonly (readonly OutputFile[])[]): Promise<void> {
  await inFolder(async (put) => {
    await put("package.json", '{ "type": "module" }');
    await put(
      "node_modules/connectorc/package.json",
      '{ "type": "module", "exports": { "./runtime": "./runtime.js" } }',
    );
    await put("node_modules/connectorc/runtime.js", "export class ConnectorError extends Error {}");
    for (const [index, files] of emitted.entries()) {
      const textOf = (name: string): string | undefined =>
        files.find(({ path }) => path.endsWith(`/${name}`))?.text;
      await put(`${index}/core.js`, "export class ConnectorError extends Error {}");
      await put(`${index}/plan.js`, transpiled(textOf("plan.ts") ?? "export {}"));
      const text = transpiled(textOf("index.ts") ?? "throw new Error('no index.ts')");
      await import(pathToFileURL(await put(`${index}/index.js`, text)).href);
    }
  });
}

/** Runs over a folder of its own, which goes afterwards; `put` writes a file and gives its path. */
async function inFolder<Result>(
  run: (put: (path: string, text: string) => Promise<string>) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "emitted-client-"));
  try {
    return await run(async (path, text) => {
      const file = join(folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
      return file;
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function indexPath(files: readonly OutputFile[]): string {
  return files.find(({ path }) => path.endsWith("/index.ts"))?.path ?? "no index.ts";
}

function transpiled(text: string): string {
  const compilerOptions = {
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2022,
    verbatimModuleSyntax: true,
  };
  return ts.transpileModule(text, { compilerOptions }).outputText;
}
