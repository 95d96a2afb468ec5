/** What an editor shows about the place under the pointer. */
import { functions, isFunctionName } from "../../schema/language/functions.ts";
import { catalog } from "../catalog.ts";
import { exactSpan } from "../read/scalar.ts";
import type { ScalarNode, Span } from "../read/tree.ts";
import { type Analysis, type AnalyzedDocument, documentAt } from "./analysis.ts";
import { contextWords } from "./context-words.ts";
import { functionWords } from "./function-words.ts";
import { choicesOf, type Field, fieldAt, typeWords } from "./language-schema.ts";
import { code, jsonCode, prose, shortened } from "./markdown.ts";
import { describePath } from "./path-words.ts";
import { offsetIn } from "./scalar-offsets.ts";
import { schemaKeywords } from "./schema-keywords.ts";
import { type Spot, spotAt } from "./spot.ts";
import { type NamedSymbol, type Occurrence, occurrenceAt } from "./symbols.ts";

export interface Hover {
  readonly markdown: string;
  readonly span: Span;
}

/** The prose page of a rule, where there is one. */
export type RulePages = (rule: string) => string | undefined;

/** About a name or function in a template, else the key or value; findings at the place come with their rules' pages. */
export function hoverAt(analysis: Analysis, offset: number, pages: RulePages): Hover | undefined {
  const document = documentAt(analysis, offset);
  const spot = document && spotAt(document.root, offset);
  const about =
    document &&
    (aboutName(document, offset) ??
      aboutFunction(analysis.text, spot, offset) ??
      (spot && aboutSpot(document, spot)));
  const rules = aboutRules(analysis, offset, pages);
  if (!about) return rules;
  return rules ? { span: about.span, markdown: `${about.markdown}\n\n---\n\n${rules.markdown}` } : about;
}

function aboutRules(analysis: Analysis, offset: number, pages: RulePages): Hover | undefined {
  const here = analysis.diagnostics.flatMap((diagnostic) => {
    const span = analysis.offsets.span(diagnostic.range);
    return span.start <= offset && offset <= span.end ? [{ diagnostic, span }] : [];
  });
  const [first] = here;
  if (!first) return undefined;
  const rules = [...new Set(here.map(({ diagnostic }) => diagnostic.rule))];
  const texts = rules.map((rule) => {
    // A rule of the catalogue is ours, and so is its page: Markdown as it stands.
    const info = Object.entries(catalog).find(([id]) => id === rule)?.[1];
    return [`**${rule}**`, info?.summary, pages(rule)].filter((part) => part !== undefined).join("\n\n");
  });
  return { markdown: texts.join("\n\n---\n\n"), span: first.span };
}

function aboutName(document: AnalyzedDocument, offset: number): Hover | undefined {
  const occurrence = occurrenceAt(document.symbols(), offset);
  if (!occurrence) return undefined;
  const { use, symbols, span } = occurrence;
  if (!use && symbols.length === 0) return undefined;
  const lines = symbols.map((symbol) => describeSymbol(symbol, occurrence));
  if (use) lines.push(`${use.secret ? "Secret" : "Not secret"}. Its value is ${contextWords[use.context]}.`);
  return { markdown: lines.join("\n\n"), span: use?.hole ?? span };
}

function describeSymbol(
  { kind, name, owner, implied, description }: NamedSymbol,
  { exact, use }: Occurrence,
): string {
  const subject = use && !exact ? "The token in use of the" : "";
  const of = owner === undefined ? "" : ` of the ${owners[kind] ?? "descriptor"} ${code(owner)}`;
  const where = implied && kind !== "profile" && kind !== "step" ? " (implied, not declared)" : "";
  const words = `${subject} ${titles[kind] ?? kind} ${code(name)}${of}${where}`.trim();
  const sentence = `${words[0]?.toUpperCase() ?? ""}${words.slice(1)}.`;
  return description === undefined ? sentence : `${sentence} ${prose(shortened(description))}`;
}

const titles: { readonly [kind: string]: string } = {
  profile: "authentication profile",
  field: "credential field",
  scope: "OAuth scope",
  chain: "credential chain",
  limit: "rate limit",
  setting: "connection setting",
  schema: "shared schema",
};
const owners: { readonly [kind: string]: string } = {
  parameter: "operation",
  field: "profile",
  scope: "profile",
  "oauth value": "profile",
  step: "chain",
  extract: "step",
};

/** The name of a function before its parenthesis, in a text that is a template. */
function aboutFunction(text: string, spot: Spot | undefined, offset: number): Hover | undefined {
  if (spot?.part !== "value" || spot.node.kind !== "scalar") return undefined;
  const scalar: ScalarNode = spot.node;
  const at = offsetIn(text, scalar, offset);
  if (at === undefined) return undefined;
  for (const match of String(scalar.value).matchAll(/[A-Za-z_]\w*(?=\()/g)) {
    const [name] = match;
    const end = match.index + name.length;
    if (!isFunctionName(name) || at < match.index || at > end) continue;
    const span = exactSpan(text, scalar, match.index, end);
    return span && { span, markdown: `${code(functions[name].usage)}\n\n${functionWords[name]}` };
  }
  return undefined;
}

function aboutSpot(document: AnalyzedDocument, spot: Spot): Hover | undefined {
  const field = fieldAt(document.root, spot.path);
  if (!field) return undefined;
  const keyword = String(spot.path.at(-1));
  if (field.inJsonSchema && field.definition === undefined) {
    const words =
      spot.part === "key" && Object.hasOwn(schemaKeywords, keyword) ? schemaKeywords[keyword] : undefined;
    return words === undefined
      ? undefined
      : { span: spot.span, markdown: `${code(keyword)} (JSON Schema)\n\n${words}` };
  }
  const lines = describeField(field);
  if (spot.part === "value" && spot.node.kind === "scalar" && isPath(field, spot.node.value))
    lines.push(`${code(String(spot.node.value))} ${describePath(String(spot.node.value))}`);
  return lines.length > 0 ? { span: spot.span, markdown: lines.join("\n\n") } : undefined;
}

function isPath({ definition }: Field, value: unknown): boolean {
  return (
    (definition === "JsonPath" || definition === "ExtractSource") &&
    typeof value === "string" &&
    value.startsWith("$")
  );
}

/** A field in words: what it is, its type, whether it must be there, default, choices, examples. */
export function describeField({ schema, owner, key }: Field): string[] {
  const lines: string[] = [];
  if (key !== undefined) {
    const must = owner?.required?.includes(key) ? "required" : "optional";
    const fallback = schema.default === undefined ? "" : `, default ${jsonCode(schema.default)}`;
    lines.push(`**${code(key)}**: ${typeWords(schema)}, ${must}${fallback}`);
  }
  if (schema.description !== undefined) lines.push(schema.description);
  const choices = choicesOf(schema);
  if (choices.length > 0) lines.push(`Accepted: ${choices.map(jsonCode).join(", ")}`);
  if (schema.examples) lines.push(`For example: ${schema.examples.map(jsonCode).join(", ")}`);
  return lines;
}
