/** One document, judged as `connector validate` would judge it: the open text, under its configuration. */
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { CompileOptions } from "../../compiler/compile.ts";
import { readConfig } from "../../compiler/config/read-config.ts";
import { type Analysis, analyze } from "../../compiler/language-service/analysis.ts";
import { offsetsOf } from "../../compiler/language-service/offsets.ts";
import type { Diagnostic } from "../../schema/diagnostic.ts";
import type { World } from "../world.ts";
import { configurationOf } from "./configuration.ts";
import { fileNameOf, formatOf, kindOf } from "./documents.ts";
import type { OpenText, Workspace } from "./workspace.ts";

/** A document that concerns us, and how further texts of it are judged. */
export interface JudgedDocument {
  readonly analysis: Analysis;
  readonly options: CompileOptions;
  /** Judges another text in this one's place, such as one with a mend. */
  check(text: string): Promise<readonly Diagnostic[]>;
}

/** Undefined for what is neither a descriptor nor a configuration. */
export async function judgeDocument(
  document: TextDocument,
  workspace: Workspace,
  openText: OpenText,
  world: World,
  pause: () => Promise<void>,
): Promise<JudgedDocument | undefined> {
  // Messages that came meanwhile are read first: a cancelled request, a newer text.
  await pause();
  const kind = kindOf(document);
  if (!kind) return undefined;
  const { uri } = document;
  const file = fileNameOf(uri) || "descriptor";
  const format = formatOf(document);
  const text = document.getText();
  if (kind === "config") {
    const check = async (input: string): Promise<readonly Diagnostic[]> =>
      readConfig(input, { file, format }).diagnostics;
    const analysis = {
      text,
      format,
      offsets: offsetsOf(text),
      documents: [],
      diagnostics: await check(text),
    };
    return { analysis, options: {}, check };
  }
  const host = workspace.hostOf(uri);
  const configuration = await configurationOf(workspace.placeOf(uri), openText, world);
  const options = { file, format, policy: configuration.policy, ...(host ? { host } : {}) };
  const judge = async (input: string, wait?: () => Promise<void>): Promise<Analysis> => {
    const analysis = await analyze(input, wait ? { ...options, pause: wait } : options);
    return { ...analysis, diagnostics: configuration.hide(input, analysis.diagnostics) };
  };
  const analysis = await judge(text, pause);
  const { problem } = configuration;
  return {
    analysis:
      problem === undefined
        ? analysis
        : { ...analysis, diagnostics: [aboutConfiguration(file, problem), ...analysis.diagnostics] },
    options,
    check: async (input) => (await judge(input)).diagnostics,
  };
}

/** A configuration that cannot be used is told where its effect is missed. */
function aboutConfiguration(file: string, problem: string): Diagnostic {
  const start = { line: 1, column: 1 };
  const message = `The configuration of this file cannot be used: ${problem}.`;
  return {
    file,
    document: 0,
    rule: "config/unusable",
    severity: "warning",
    message,
    path: "",
    range: { start, end: start },
  };
}
