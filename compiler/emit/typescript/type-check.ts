import type { OutputFile } from "../output.ts";

/** What the compiler of TypeScript (strict) has to say about files that need no package; empty where they are right. */
export async function typeProblems(files: readonly OutputFile[]): Promise<readonly string[]> {
  const { ModuleKind, ModuleResolutionKind, Project, ScriptTarget } = await import("ts-morph");
  const project = new Project({
    useInMemoryFileSystem: true,
    compilerOptions: {
      strict: true,
      noEmit: true,
      types: [],
      lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
      target: ScriptTarget.ES2022,
      module: ModuleKind.ESNext,
      moduleResolution: ModuleResolutionKind.Bundler,
      allowImportingTsExtensions: true,
    },
  });
  for (const { path, text } of files) if (path.endsWith(".ts")) project.createSourceFile(path, text);
  return project.getPreEmitDiagnostics().map((problem) => {
    const place = problem.getSourceFile()?.getBaseName() ?? "";
    const text = problem.getMessageText();
    return `${place}:${problem.getLineNumber() ?? 1}: ${typeof text === "string" ? text : text.getMessageText()}`;
  });
}
