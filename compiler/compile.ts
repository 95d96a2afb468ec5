import type { Diagnostic, Severity, Suppressed } from "../schema/diagnostic.ts";
import type { Connector } from "../schema/ir.ts";
import type { Rule } from "./check/rule.ts";
import { rules } from "./check/rules.ts";
import type { Finding, Report } from "./diagnostics.ts";
import { createCover } from "./fix/cover.ts";
import { toFix } from "./fix/to-fix.ts";
import type { Host } from "./host.ts";
import { type Ignores, readIgnores } from "./ignore/ignores.ts";
import { createIntake } from "./intake.ts";
import { bundle } from "./lower/bundle.ts";
import { Cursor } from "./lower/cursor.ts";
import { lower, type Model, toConnector } from "./lower/lower.ts";
import { provePaths } from "./lower/paths.ts";
import { loadPatternTests } from "./lower/pattern-tests.ts";
import { loadPatterns } from "./lower/patterns.ts";
import { loadSchemaChecks } from "./lower/schemas.ts";
import { createMisnamed } from "./misnamed.ts";
import { createPolicy, type Policy } from "./policy.ts";
import { maxFindings, TooManyFindings } from "./read/limits.ts";
import { type LineMap, lineMap } from "./read/lines.ts";
import { otherKind } from "./read/other-kind.ts";
import { type ReadDocument, read, type TextFormat } from "./read/read.ts";
import { type Node, type Pointer, pointerText, type Span, spanOf } from "./read/tree.ts";
import { createSameCause } from "./same-cause.ts";
import { validate } from "./validate/validate.ts";

export interface CompileOptions {
  /** Name of the file in findings. */
  readonly file?: string;
  readonly format?: TextFormat;
  /** Which rules apply, and how grave they are; without one, the recommended preset. */
  readonly policy?: Policy;
  /** Reads schema files beside the descriptor; without one, local `$ref`s are findings. */
  readonly host?: Host;
  /** Awaited between steps: lets others have their turn, and ends by throwing a run that nobody waits for any more. */
  readonly pause?: () => Promise<void>;
  /** Nothing is compiled but what findings need: `connectors` stays empty. */
  readonly findingsOnly?: boolean;
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
  /** What `# connector-ignore` comments hide, as far as it would be shown; it keeps nothing from being compiled. */
  readonly suppressed: readonly Suppressed[];
  /** The text that ranges refer to. */
  readonly text: string;
}

/** A finding that applies, before it has lines and columns. */
export interface Found {
  readonly document: number;
  readonly finding: Finding;
  readonly phase: number;
  readonly severity: Severity;
}

/** Hears of each descriptor that could be read: the author's tree, and what names were bound to. */
export type Observer = (document: ReadDocument, model: Model) => void;

/** Text to IR: read, validate, lower, check. Every finding of every document, in one run. */
export async function compileText(
  input: string | Uint8Array,
  options: CompileOptions = {},
  observe: Observer = () => {},
): Promise<Compilation> {
  const intake = createIntake();
  const { found } = intake;
  const hidden: Found[] = [];
  let ignores: Ignores | undefined;
  const judge = createPolicy(options.policy);
  const reportIn =
    (document: number, phase: number = phases.read): Report =>
    (finding) => {
      const severity = judge(finding.rule, finding.severity);
      if (!ignores || isShown({ document, finding }, ignores, lines, roots))
        intake.take({ document, finding, phase }, severity);
      else if (severity === "off") return;
      else if (hidden.length < maxFindings) hidden.push({ document, finding, phase, severity });
      else intake.leave(severity);
    };
  const source = read(input, options.format ?? "yaml", reportIn);
  const lines = lineMap(source.text);
  const roots = new Map(source.documents.map(({ index, root }) => [index, root]));
  const reportAt = (offset: number): Report => reportIn(documentAt(source.documents, offset), phases.check);
  ignores = source.documents.length > 0 ? readIgnores(source.text, lines) : undefined;
  const connectors: CompiledConnector[] = [];
  const slugs = new Map<string, number>();
  const compileNext = async (document: ReadDocument): Promise<void> => {
    const ir = await compileDocument(document, {
      text: source.text,
      options,
      report: (phase) => reportIn(document.index, phases[phase]),
      failed: () => hasErrors(found, document.index),
      isOff: ({ id, severity }) => severity === "info" && judge(id) === "off",
      observe: (model) => observe(document, model),
      doubled: found.flatMap(({ document: index, finding: { rule, path } }) =>
        index === document.index && rule === "yaml/duplicate-key" ? [path] : [],
      ),
    });
    reportTwin(document, slugs, reportIn(document.index, phases.check));
    if (ir && !hasErrors(found, document.index))
      connectors.push({ ir, document: document.index, slug: ir.slug });
  };
  try {
    for (const document of source.documents) await compileNext(document);
    ignores?.reportProblems(reportAt);
    // Where an error kept anything from being looked at, a comment may hide what would be found next time.
    const isWhole = !found.some(({ phase, severity }) => phase < phases.check && severity === "error");
    if (isWhole && !intake.overflowed) ignores?.reportUnused(reportAt, (rule) => judge(rule) !== "off");
  } catch (thrown) {
    if (!(thrown instanceof TooManyFindings)) throw thrown;
  }
  intake.close(documentAt(source.documents, source.text.length), source.text.length);
  const toData = (some: readonly Found[]): Diagnostic[] =>
    toDiagnostics(some, source.text, source.documents, options.file ?? "descriptor");
  return {
    connectors: connectors.filter(({ document }) => !hasErrors(found, document)),
    slugs: source.documents.flatMap(({ root, index }) => {
      const slug = new Cursor(root, []).at("metadata").at("slug").string();
      return slug === undefined ? [] : [{ document: index, slug }];
    }),
    diagnostics: toData(found),
    suppressed: ignores ? toData(hidden).map((diagnostic) => toSuppressed(diagnostic, ignores)) : [],
    text: source.text,
  };
}

/** In order: what a later phase says about a place that an earlier one has found at fault is no news. */
const phases = { read: 0, validate: 1, lower: 2, check: 3 } as const;

/** What the run of a whole text gives to the compilation of one of its documents. */
interface Run {
  readonly text: string;
  readonly options: CompileOptions;
  readonly report: (phase: keyof typeof phases) => Report;
  /** Whether the document has errors so far. */
  readonly failed: () => boolean;
  /** Rules that have nothing to say under the policy: those of style, by default. */
  readonly isOff: (rule: Rule) => boolean;
  readonly observe: (model: Model) => void;
  /** The keys of this document that stand twice. */
  readonly doubled: readonly Pointer[];
}

async function compileDocument(
  { root, index }: ReadDocument,
  { text, options, report, failed, isOff, observe, doubled }: Run,
): Promise<Connector | undefined> {
  const other = otherKind(root);
  if (other) {
    report("read")(other);
    return undefined;
  }
  const validated = validate(root, report("validate"), index === 0 ? 0 : root.span.start, doubled, text); // text → tree → structure
  await options.pause?.();
  const misnamed = createMisnamed(text, root);
  const causes = createSameCause();
  const hold = (phase: "lower" | "check"): Report => causes.hold(misnamed.hold(report(phase)));
  const at = new Cursor(validated.root, []);
  const files = await bundle(at, options.host, report("lower"));
  const schemaChecks = await loadSchemaChecks(at);
  const patternTest = await loadPatternTests(at);
  const patterns = await loadPatterns(at);
  const proofs = await provePaths(validated.root, at.at("jsonpath").string() === "plus" ? "plus" : "rfc9535");
  const model = lower(text, validated, { files, proofs, schemaChecks, patternTest, patterns }, hold("lower")); // names bound, templates parsed
  observe(model);
  await options.pause?.();
  const check = hold("check");
  for (const rule of rules)
    if ((!rule.needsWhole || validated.broken.size === 0) && !isOff(rule)) {
      rule.check(model, (finding) => check({ ...finding, rule: rule.id }));
      if (options.pause) await options.pause();
    }
  causes.release();
  misnamed.release();
  if (failed() || options.findingsOnly) return undefined;
  const { contentHash } = await import("./lower/content-hash.ts");
  return toConnector(model, contentHash);
}

/** Whether no comment hides a finding. */
function isShown(
  { document, finding }: Pick<Found, "document" | "finding">,
  ignores: Ignores,
  lines: LineMap,
  roots: ReadonlyMap<number, Node>,
): boolean {
  if (!ignores.mayHide(finding.rule)) return true;
  const { start } = finding.span ?? spanIn(roots.get(document), finding);
  return ignores.reasonFor(finding.rule, lines.position(start).line) === undefined;
}

function toSuppressed(diagnostic: Diagnostic, ignores: Ignores | undefined): Suppressed {
  const reason = ignores?.reasonFor(diagnostic.rule, diagnostic.range.start.line);
  return { diagnostic, by: "inline", ...(reason ? { reason } : {}) };
}

/** The document that a place in the text belongs to; what stands between two belongs to the next. */
function documentAt(documents: readonly ReadDocument[], offset: number): number {
  let low = 0;
  let high = documents.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((documents[middle]?.root.span.end ?? 0) >= offset) high = middle;
    else low = middle + 1;
  }
  return documents[low]?.index ?? 0;
}

function hasErrors(found: readonly Found[], document: number): boolean {
  return found.some((one) => one.document === document && one.severity === "error");
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

/** Findings with lines and columns, in source order; what only follows from an earlier phase's error is left out. */
export function toDiagnostics(
  found: readonly Found[],
  text: string,
  documents: readonly ReadDocument[],
  file: string,
): Diagnostic[] {
  const lines = lineMap(text);
  const roots = new Map(documents.map(({ index, root }) => [index, root]));
  const isRepeated = createCover(documents.flatMap(({ repeated = [] }) => repeated));
  const seen = new Set<string>();
  const placed = found.map(({ document, finding: { advice, ...told }, phase, severity }) => {
    const finding: Finding = { ...told, ...advice?.() };
    const root = roots.get(document);
    const span = finding.span ?? spanIn(root, finding);
    const range = lines.range(span);
    const fix = finding.fix && toFix(finding.fix, text, lines, isRepeated);
    const related = (finding.related ?? []).map(({ path, at, span, message }) => ({
      message,
      span: span ?? spanIn(root, { path, at: at ?? "value" }),
    }));
    const diagnostic: Diagnostic = {
      file,
      document,
      rule: finding.rule,
      severity,
      message: finding.message,
      path: pointerText(finding.path),
      range,
      ...(finding.label === undefined ? {} : { label: finding.label }),
      ...(finding.help === undefined ? {} : { help: finding.help }),
      // A certain mend needs no guess beside it.
      ...(fix
        ? { fix }
        : finding.replace === undefined
          ? {}
          : { suggestion: { text: finding.replace, range } }),
      ...(related.length > 0
        ? { related: related.map(({ message, span }) => ({ file, message, range: lines.range(span) })) }
        : {}),
    };
    const { covers = [] } = finding;
    const ends = related.map((one) => one.span);
    return { diagnostic, spans: [span, ...covers], span, phase, ends, yields: finding.yields };
  });
  const shadowed = shadows(placed);
  const gives = yieldsTo(placed);
  return placed
    .filter((one) => !shadowed(one) && !gives(one))
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
  /** What it speaks of: its own place, and those that it covers. */
  readonly spans: readonly Span[];
  /** Where its other ends stand. */
  readonly ends: readonly Span[];
  /** Where an error makes it superfluous. */
  readonly yields: Span | undefined;
}

/** True for a finding that gives way to an error at its place. */
function yieldsTo(placed: readonly Placed[]): (one: Placed) => boolean {
  const errors = placed.some((one) => one.yields)
    ? placed.flatMap(({ diagnostic, span }) => (diagnostic.severity === "error" ? [span] : []))
    : [];
  return ({ yields, diagnostic }) =>
    yields !== undefined &&
    diagnostic.severity !== "error" &&
    errors.some(({ start, end }) => start >= yields.start && end <= yields.end);
}

/** True for a finding that lies within an error of an earlier phase, or of which another end does. */
function shadows(placed: readonly Placed[]): (one: Placed) => boolean {
  const errors = placed.filter(({ diagnostic }) => diagnostic.severity === "error");
  const byPhase = Object.values(phases).map((phase) =>
    merge(
      errors
        .filter((one) => one.phase < phase)
        .flatMap(({ spans }) => spans.filter(({ start, end }) => end > start)),
    ),
  );
  const isWithin = (spans: readonly Span[], span: Span): boolean => {
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
  return ({ phase, span, ends }) => {
    const spans = byPhase[phase] ?? [];
    return spans.length > 0 && [span, ...ends].some((one) => isWithin(spans, one));
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
