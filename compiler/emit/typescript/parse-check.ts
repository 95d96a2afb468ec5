import type { OutputFile } from "../output.ts";

/**
 * Makes each file a source file and gives its text back, provided that it parses: if it does not, the emitter is
 * wrong, whatever the descriptor said. One `createSourceFile` a file: a change of a syntax tree parses all of it anew.
 */
export async function parsed(files: readonly OutputFile[]): Promise<readonly OutputFile[]> {
  const { Project, ScriptTarget } = await import("ts-morph");
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    compilerOptions: { noLib: true, noResolve: true, types: [], target: ScriptTarget.ES2022 },
  });
  const sources = files.map(({ path, text }) => ({ path, source: project.createSourceFile(path, text) }));
  const program = project.getProgram();
  return sources.map(({ path, source }) => {
    const [problem] = program.getSyntacticDiagnostics(source);
    if (problem)
      throw new Error(
        `The emitted ${path} does not parse at line ${problem.getLineNumber()}: ${String(problem.getMessageText())}`,
      );
    return { path, text: source.getFullText() };
  });
}
