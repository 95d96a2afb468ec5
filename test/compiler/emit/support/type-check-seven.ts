/** TypeScript 7, which is a program and no library: it checks folders. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { OutputFile } from "../../../../compiler/emit/output.ts";

const home = join(import.meta.dirname, "../../../..");
const run = promisify(execFile);

const config = {
  compilerOptions: {
    target: "es2022",
    module: "nodenext",
    lib: ["es2023"],
    types: ["node"],
    skipLibCheck: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: true,
    noImplicitOverride: true,
    noPropertyAccessFromIndexSignature: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    isolatedDeclarations: true,
    declaration: true,
    noEmit: true,
  },
};

/** What TypeScript 7 says of these files, a line per error. `connectorc/runtime` is that of the built package. */
export async function typeErrorsOfSeven(files: readonly OutputFile[]): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "seven-"));
  try {
    await mkdir(join(folder, "node_modules"));
    await symlink(home, join(folder, "node_modules/connectorc"));
    await symlink(join(home, "node_modules/@types"), join(folder, "node_modules/@types"));
    const all = [
      ...files,
      { path: "tsconfig.json", text: JSON.stringify(config) },
      { path: "package.json", text: '{ "type": "module" }' },
    ];
    for (const { path, text } of all) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const tsc = join(home, "node_modules/typescript7/bin/tsc");
    return await run(process.execPath, [tsc, "-p", folder, "--pretty", "false"]).then(
      () => [],
      ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`.trim().split("\n"),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
