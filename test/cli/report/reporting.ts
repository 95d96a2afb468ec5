/** Runs of `connector validate` as data, and what a format makes of them. */
import fc from "fast-check";
import { formats } from "../../../cli/report/formats.ts";
import type { FileReport, ReporterOptions, RunReport } from "../../../cli/report/reporter.ts";
import type { Diagnostic, Range } from "../../../schema/diagnostic.ts";

/** All that a format writes of a run. */
export async function reportOf(
  format: string,
  run: RunReport,
  options: Partial<ReporterOptions> = {},
): Promise<string> {
  const create = await formats.get(format)?.load();
  if (!create) throw new Error(`there is no format ${format}`);
  const reporter = create({ color: false, cwd: "/work/desk", ...options });
  return run.files.map((file) => reporter.file(file)).join("") + reporter.end(run);
}

/** `line:column-endLine:endColumn`, or `line:column-endColumn`. */
export function range(text: string): Range {
  const [start = "", end = ""] = text.split("-");
  const at = start.split(":").map(Number);
  const to = end.split(":").map(Number);
  const [line = 1, column = 1] = at;
  const [endLine = line, endColumn = column] = to.length === 2 ? to : [line, to[0] ?? column];
  return { start: { line, column }, end: { line: endLine, column: endColumn } };
}

export function finding(given: Partial<Diagnostic> = {}): Diagnostic {
  return {
    file: "desk.yaml",
    document: 0,
    rule: "reference/unknown-profile",
    severity: "error",
    message: "There is no authentication profile `beerer`.",
    path: "/operations/0/auth_type_ref",
    range: range("2:3-9"),
    ...given,
  };
}

/** A file of these findings; their `file` is its name. */
export function fileOf(diagnostics: readonly Diagnostic[], given: Partial<FileReport> = {}): FileReport {
  const name = given.name ?? "desk.yaml";
  return {
    name,
    text: "one: 1\n  beerer: 2\nthree: 3\n",
    ...given,
    diagnostics: diagnostics.map((one) => ({ ...one, file: name })),
  };
}

export function runOf(...files: readonly FileReport[]): RunReport {
  return { files, problems: [] };
}

/** Runs whose every text is one of these or made of them. */
export function hostileRuns(texts: readonly string[]): fc.Arbitrary<RunReport> {
  const text = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...texts) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) },
    {
      weight: 1,
      arbitrary: fc.array(fc.constantFrom(...texts), { maxLength: 3 }).map((all) => all.join(" ")),
    },
  );
  const words = text.map((one) => one || "empty");
  const place = fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 9 }))
    .map(([line, column, length]) => range(`${line}:${column}-${line}:${column + length}`));
  const edit = fc.record({ text, range: place });
  const diagnostic = fc.record(
    {
      file: fc.constant(""),
      document: fc.constant(0),
      rule: fc.constantFrom("template/unknown-name", "secret/in-url"),
      severity: fc.constantFrom("error" as const, "warning" as const, "info" as const),
      message: words,
      path: fc.constant("/a"),
      range: place,
      label: words,
      help: words,
      suggestion: edit,
      fix: fc.record({ title: words, edits: fc.array(edit, { minLength: 1, maxLength: 2 }) }),
      related: fc.array(fc.record({ file: words, message: words, range: place }), {
        minLength: 1,
        maxLength: 3,
      }),
    },
    { requiredKeys: ["file", "document", "rule", "severity", "message", "path", "range"] },
  );
  const file = fc
    .record({
      name: words,
      text: fc.array(text, { maxLength: 4 }),
      diagnostics: fc.array(diagnostic, { maxLength: 4 }),
    })
    .map(({ name, text: lines, diagnostics }) => fileOf(diagnostics, { name, text: lines.join("\n") }));
  return fc.record({ files: fc.array(file, { maxLength: 3 }), problems: fc.array(words, { maxLength: 2 }) });
}

/** One run with each text in every place. */
export function everywhere(texts: readonly string[]): RunReport {
  const files = texts.map((text) =>
    fileOf(
      [
        finding({
          message: text || "empty",
          label: text || "empty",
          help: text || "empty",
          suggestion: { text, range: range("1:1-1:3") },
          related: [
            { file: text || "-", message: text || "empty", range: range("1:4-1:6") },
            { file: "desk.yaml", message: text || "empty", range: range("3:1-3:2") },
          ],
        }),
        finding({
          severity: "warning",
          message: text || "empty",
          fix: { title: text || "empty", edits: [{ text, range: range("1:1-1:2") }] },
        }),
      ],
      { name: text || "empty", text: `${text}\n${text}\n${text}` },
    ),
  );
  return { files, problems: texts.map((text) => `cannot open ${text}`) };
}

/** Every finding of a run, the gravest first where asked. */
export function allFindings(run: RunReport): readonly { readonly name: string; readonly one: Diagnostic }[] {
  return run.files.flatMap(({ name, diagnostics }) => diagnostics.map((one) => ({ name, one })));
}
