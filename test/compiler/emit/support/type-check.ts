import { fileURLToPath } from "node:url";
import ts from "typescript";
import type { OutputFile } from "../../../../compiler/emit/output.ts";

const home = fileURLToPath(new URL("../../../../", import.meta.url));

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ["lib.es2023.d.ts"],
  types: ["node"],
  typeRoots: [`${home}node_modules/@types`],
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  paths: { "connectorc/runtime": [`${home}runtime/index.ts`] },
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
};

const root = "/virtual";
const libraries = new Map<string, ts.SourceFile | undefined>();

/** Type-checks generated files against the real runtime, and a caller's code beside them, as strictly as TypeScript can. Gives `file: message` per error. */
export function typeErrors(files: readonly OutputFile[], caller = ""): readonly string[] {
  return checked(files, caller).errors;
}

/** How many generic types a check of these files has to fill in, the runtime's own included. The same on every machine. */
export function instantiationsOf(files: readonly OutputFile[]): number {
  const { errors, program } = checked(files, "");
  if (errors.length > 0) throw new Error(errors.join("\n"));
  return program.getInstantiationCount();
}

function checked(
  files: readonly OutputFile[],
  caller: string,
): { readonly errors: readonly string[]; readonly program: ts.Program } {
  const folder = files[0]?.path.split("/")[0] ?? "";
  const sources = new Map<string, string>([
    [`${root}/package.json`, '{ "type": "module" }'],
    [`${root}/caller.ts`, caller.replaceAll("CLIENT", `./${folder}/index.js`)],
    // The order of a project that names a folder, in which declarations depend on each other's files.
    ...files.map(({ path, text }) => [`${root}/${path}`, text] as const).sort(byPath),
  ]);
  const program = ts.createProgram(
    [...sources.keys()].filter((name) => name.endsWith(".ts")),
    options,
    virtualHost(sources),
  );
  // The runtime has a type check of its own, under its own flags.
  const found = [...sources.keys()].flatMap((name) => {
    const source = program.getSourceFile(name);
    if (!source) return [];
    return [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
      ...program.getDeclarationDiagnostics(source),
    ];
  });
  const errors = found.map(({ file, start, messageText }) => {
    const line = file && start !== undefined ? `:${file.getLineAndCharacterOfPosition(start).line + 1}` : "";
    return `${file?.fileName.slice(root.length + 1) ?? ""}${line}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
  return { errors, program };
}

function byPath([left]: readonly [string, string], [right]: readonly [string, string]): number {
  return left < right ? -1 : 1;
}

function virtualHost(sources: ReadonlyMap<string, string>): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const virtual = (name: string): boolean => name.startsWith(`${root}/`);
  return {
    ...host,
    getCurrentDirectory: () => root,
    fileExists: (name) => (virtual(name) ? sources.has(name) : host.fileExists(name)),
    readFile: (name) => (virtual(name) ? sources.get(name) : host.readFile(name)),
    directoryExists: (name) =>
      !virtual(name) || [...sources.keys()].some((source) => source.startsWith(`${name}/`)),
    realpath: (name) => name,
    getSourceFile(name, target) {
      const text = sources.get(name);
      if (text !== undefined) return ts.createSourceFile(name, text, target, true);
      if (!libraries.has(name)) libraries.set(name, host.getSourceFile(name, target));
      return libraries.get(name);
    },
  };
}

/** The text between `start` and the next blank line: one declaration of a generated file. */
export function declarationOf(text: string, name: string): string {
  return (
    text
      .match(new RegExp(`^export (?:type|interface|class) ${name}\\b(?:[^\\n]|\\n(?!\\n))*`, "m"))?.[0]
      .trimEnd() ?? `no ${name}`
  );
}

/** The text of one emitted file. */
export function fileOf(files: readonly OutputFile[], name: string): string {
  return files.find(({ path }) => path.endsWith(`/${name}`))?.text ?? `no ${name}`;
}
