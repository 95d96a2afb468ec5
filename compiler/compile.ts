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
import { loadSchemaChecks } from "./lower/schemas.ts";
import { lineMap } from "./read/lines.ts";
import { otherKind } from "./read/other-kind.ts";
import { type ReadDocument, read, type TextFormat } from "./read/read.ts";
import { type Node, pointerText, type Span, spanOf } from "./read/tree.ts";
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
  /** The slugs that the documents give, errors or not; the index is the document's place among them. */
  readonly slugs: readonly { readonly document: number; readonly slug: string }[];
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
  readonly phase: number;
}

/** Text to IR: read, validate, lower, check. Every finding of every document, in one run. */
export async function compileText(
  input: string | Uint8Array,
  options: CompileOptions = {},
): Promise<Compilation> {
  const found: Found[] = [];
  const reportIn =
    (document: number, phase: number = phases.read): Report =>
    (finding) =>
      found.push({ document, finding, phase });
  const source = read(input, options.format ?? "yaml", reportIn);
  const connectors: CompiledConnector[] = [];
  const slugs = new Map<string, number>();
  for (const document of source.documents) {
    const ir = await compileDocument(
      source.text,
      document,
      options,
      (phase) => reportIn(document.index, phases[phase]),
      () => hasErrors(found, document.index),
    );
    reportTwin(document, slugs, reportIn(document.index, phases.check));
    if (ir && !hasErrors(found, document.index))
      connectors.push({ ir, document: document.index, slug: ir.slug });
  }
  return {
    connectors,
    slugs: source.documents.flatMap(({ root, index }) => {
      const slug = new Cursor(root, []).at("metadata").at("slug").string();
      return slug === undefined ? [] : [{ document: index, slug }];
    }),
    diagnostics: toDiagnostics(found, source.text, source.documents, options.file ?? "descriptor"),
    text: source.text,
  };
}

/** In order: what a later phase says about a place that an earlier one has found at fault is no news. */
const phases = { read: 0, validate: 1, lower: 2, check: 3 } as const;

async function compileDocument(
  text: string,
  { root }: ReadDocument,
  options: CompileOptions,
  report: (phase: keyof typeof phases) => Report,
  failed: () => boolean,
): Promise<Connector | undefined> {
  const other = otherKind(root);
  if (other) {
    report("read")(other);
    return undefined;
  }
  const validated = validate(root, report("validate")); //                          text → tree → structure
  const at = new Cursor(validated.root, []);
  const files = await bundle(at, options.host, report("lower"));
  const schemaChecks = await loadSchemaChecks(at);
  const proofs = await provePaths(validated.root, at.at("jsonpath").string() === "plus" ? "plus" : "rfc9535");
  const model = lower(text, validated, { files, proofs, schemaChecks }, report("lower")); //      names bound, templates parsed
  const check = report("check");
  for (const rule of rules) rule.check(model, (finding) => check({ ...finding, rule: rule.id }));
  return failed() ? undefined : toConnector(model);
}

function hasErrors(found: readonly Found[], document: number): boolean {
  return found.some(
    (one) => one.document === document && (one.finding.severity ?? severityOf(one.finding.rule)) === "error",
  );
}

/** The same slug twice in one file: `FILE#slug` could not tell them apart. */
function reportTwin({ root, index }: ReadDocument, slugs: Map<string, number>, report: Report): void {
  const at = new Cursor(root, []).at("metadata").at("slug");
  const slug = at.string();
  if (slug === undefined) return;
  const first = slugs.get(slug);
  if (first === undefined) slugs.set(slug, index);
  else
    report({
      rule: "metadata/duplicate-slug",
      path: at.path,
      message: `The slug \`${slug}\` is taken by document ${first + 1} of this file.`,
      help: "Give each connector of a file a slug of its own.",
    });
}

function toDiagnostics(
  found: readonly Found[],
  text: string,
  documents: readonly ReadDocument[],
  file: string,
): Diagnostic[] {
  const lines = lineMap(text);
  const roots = new Map(documents.map(({ index, root }) => [index, root]));
  const seen = new Set<string>();
  const placed = found.map(({ document, finding, phase }) => {
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
      ...(finding.related?.length
        ? {
            related: finding.related.map(({ path, at, message }) => ({
              file,
              message,
              range: lines.range(spanIn(root, { path, at: at ?? "value" })),
            })),
          }
        : {}),
    };
    return { diagnostic, span, phase };
  });
  const shadowed = shadows(placed);
  return placed
    .filter((one) => !shadowed(one))
    .filter(({ diagnostic, span }) => {
      // A chain that two profiles use is lowered twice: its findings are told once.
      const key = `${diagnostic.rule} ${span.start} ${span.end} ${diagnostic.message}`;
      return !seen.has(key) && seen.add(key);
    })
    .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
    .map(({ diagnostic }) => diagnostic);
}

interface Placed {
  readonly diagnostic: Diagnostic;
  readonly span: Span;
  readonly phase: number;
}

/** True for a finding that lies within an error of an earlier phase. */
function shadows(placed: readonly Placed[]): (one: Placed) => boolean {
  const errors = placed.filter(
    ({ diagnostic, span }) => diagnostic.severity === "error" && span.end > span.start,
  );
  const byPhase = Object.values(phases).map((phase) =>
    merge(errors.filter((one) => one.phase < phase).map(({ span }) => span)),
  );
  return ({ phase, span }) => {
    const spans = byPhase[phase] ?? [];
    let low = 0;
    let high = spans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((spans[middle]?.start ?? 0) <= span.start) low = middle + 1;
      else high = middle;
    }
    const found = spans[low - 1];
    return found !== undefined && span.end <= found.end;
  };
}

/** Spans in order, overlapping ones as one. */
function merge(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && span.start < last.end)
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else merged.push(span);
  }
  return merged;
}

function spanIn(root: Node | undefined, { path, at }: Pick<Finding, "path" | "at">): Span {
  return root ? spanOf(root, path, at ?? "value") : { start: 0, end: 0 };
}
