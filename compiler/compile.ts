import type { Diagnostic } from "../schema/diagnostic.ts";
import type { Connector } from "../schema/ir.ts";
import { severityOf } from "./catalog.ts";
import { rules } from "./check/rules.ts";
import type { Finding, Report } from "./diagnostics.ts";
import type { Host } from "./host.ts";
import { bundle } from "./lower/bundle.ts";
import { Cursor } from "./lower/cursor.ts";
import { lower, toConnector } from "./lower/lower.ts";
import { provePaths } from "./lower/paths.ts";
import { lineMap } from "./read/lines.ts";
import { type ReadDocument, read, type TextFormat } from "./read/read.ts";
import { type Node, pointerText, spanOf } from "./read/tree.ts";
import { validate } from "./validate/validate.ts";

export interface CompileOptions {
  /** Name of the file in findings. */
  readonly file?: string;
  readonly format?: TextFormat;
  /** Reads schema files beside the descriptor; without one, local `$ref`s are findings. */
  readonly host?: Host;
}

export interface CompiledConnector {
  readonly ir: Connector;
  readonly document: number;
  readonly slug: string;
}

export interface Compilation {
  /** Those without errors. */
  readonly connectors: readonly CompiledConnector[];
  /** In source order. */
  readonly diagnostics: readonly Diagnostic[];
  /** The text that ranges refer to. */
  readonly text: string;
}

interface Found {
  readonly document: number;
  readonly finding: Finding;
}

/** Text to IR: read, validate, lower, check. Every finding of every document, in one run. */
export async function compileText(input: string | Uint8Array, options: CompileOptions = {}): Promise<Compilation> {
  const found: Found[] = [];
  const reportIn = (document: number): Report => (finding) => found.push({ document, finding });
  const source = read(input, options.format ?? "yaml", reportIn);
  const connectors: CompiledConnector[] = [];
  const slugs = new Map<string, number>();
  for (const document of source.documents) {
    const report = reportIn(document.index);
    const ir = await compileDocument(source.text, document, options, report, () => hasErrors(found, document.index));
    reportTwin(document, slugs, report);
    if (ir && !hasErrors(found, document.index)) connectors.push({ ir, document: document.index, slug: ir.slug });
  }
  return { connectors, diagnostics: toDiagnostics(found, source.text, source.documents, options.file ?? "descriptor"), text: source.text };
}

async function compileDocument(text: string, { root }: ReadDocument, options: CompileOptions, report: Report, failed: () => boolean): Promise<Connector | undefined> {
  const validated = validate(root, report); //                                      text → tree → structure
  const at = new Cursor(validated.root, []);
  const files = await bundle(at, options.host, report);
  const proofs = await provePaths(validated.root, at.at("jsonpath").string() === "plus" ? "plus" : "rfc9535");
  const model = lower(text, validated, { files, proofs }, report); //               names bound, templates parsed
  for (const rule of rules) rule.check(model, (finding) => report({ ...finding, rule: rule.id }));
  return failed() ? undefined : toConnector(model);
}

function hasErrors(found: readonly Found[], document: number): boolean {
  return found.some((one) => one.document === document && (one.finding.severity ?? severityOf(one.finding.rule)) === "error");
}

/** The same slug twice in one file: `FILE#slug` could not tell them apart. */
function reportTwin({ root, index }: ReadDocument, slugs: Map<string, number>, report: Report): void {
  const at = new Cursor(root, []).at("metadata").at("slug");
  const slug = at.string();
  if (slug === undefined) return;
  const first = slugs.get(slug);
  if (first === undefined) slugs.set(slug, index);
  else report({ rule: "metadata/duplicate-slug", path: at.path, message: `The slug \`${slug}\` is taken by document ${first + 1} of this file.`, help: "Give each connector of a file a slug of its own." });
}

function toDiagnostics(found: readonly Found[], text: string, documents: readonly ReadDocument[], file: string): Diagnostic[] {
  const lines = lineMap(text);
  const roots = new Map(documents.map(({ index, root }) => [index, root]));
  const seen = new Set<string>();
  const placed = found.map(({ document, finding }) => {
    const root = roots.get(document);
    const span = finding.span ?? spanIn(root, finding);
    const range = lines.range(span);
    const diagnostic: Diagnostic = {
      file,
      document,
      rule: finding.rule,
      severity: finding.severity ?? severityOf(finding.rule),
      message: finding.message,
      path: pointerText(finding.path),
      range,
      ...(finding.help === undefined ? {} : { help: finding.help }),
      ...(finding.replace === undefined ? {} : { suggestion: { text: finding.replace, range } }),
      ...(finding.related?.length ? { related: finding.related.map(({ path, at, message }) => ({ file, message, range: lines.range(spanIn(root, { path, at: at ?? "value" })) })) } : {}),
    };
    return { diagnostic, span };
  });
  return placed
    .filter(({ diagnostic, span }) => {
      // A chain that two profiles use is lowered twice: its findings are told once.
      const key = `${diagnostic.rule} ${span.start} ${span.end} ${diagnostic.message}`;
      return !seen.has(key) && seen.add(key);
    })
    .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
    .map(({ diagnostic }) => diagnostic);
}

function spanIn(root: Node | undefined, { path, at }: Pick<Finding, "path" | "at">): { start: number; end: number } {
  return root ? spanOf(root, path, at ?? "value") : { start: 0, end: 0 };
}
