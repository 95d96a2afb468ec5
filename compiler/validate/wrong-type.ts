import type { Mend } from "../diagnostics.ts";
import type { MapNode, Node, Pointer, ScalarNode } from "../read/tree.ts";
import { resolve, type Shape } from "./shape.ts";
import { quotingHole, unquotedHole } from "./unquoted-hole.ts";
import { capitalised, nameOf, nodeInWords, replacing, typesInWords } from "./words.ts";

/** The sentence, the advice and, where it is certain, the mended text for a value of the wrong type. */
export interface TypeAdvice {
  readonly message: string;
  readonly help: string;
  readonly replace?: string;
  readonly fix?: Mend;
}

/** Words such as `yes`, which YAML 1.1 took for booleans and YAML 1.2 reads as text. */
const booleanWords: Readonly<Record<string, string>> = {
  yes: "true",
  on: "true",
  y: "true",
  true: "true",
  no: "false",
  off: "false",
  n: "false",
  false: "false",
};

/** What to say where one of `types` is asked for and `node` stands. */
export function adviseType(
  path: Pointer,
  node: Node,
  types: readonly string[],
  shape: Shape | undefined,
): TypeAdvice {
  const expected = typesInWords(types);
  const name = capitalised(nameOf(path));
  if (node.kind === "scalar" && node.value === null) {
    return {
      message: `${name} has no value; it must be ${expected}.`,
      help: "Give it a value, or remove the key.",
    };
  }
  const form = shape?.patternErrorMessage ? ` ${capitalised(`it ${shape.patternErrorMessage}`)}.` : "";
  const message = `${name} must be ${expected}, but is ${nodeInWords(node)}.${form}`;
  const advice = adviceFor(node, types, shape) ?? forDuration(path, node, types);
  return { message, help: advice?.help ?? `Write ${expected}.`, ...certainly(advice, shape) };
}

/** No text is certain where it must also have a form. */
function certainly(
  advice: Advice | undefined,
  shape: Shape | undefined,
): Pick<TypeAdvice, "replace" | "fix"> {
  if (!advice || shape?.patternErrorMessage) return {};
  const { replace, fix } = advice;
  return { ...(replace === undefined ? {} : { replace }), ...(fix === undefined ? {} : { fix }) };
}

interface Advice {
  readonly help: string;
  readonly replace?: string | undefined;
  readonly fix?: Mend | undefined;
}

function adviceFor(node: Node, types: readonly string[], shape: Shape | undefined): Advice | undefined {
  if (node.kind === "map")
    return types.includes("string")
      ? forHole(node)
      : types.includes("array")
        ? { help: "Begin each entry of the list with `- `." }
        : undefined;
  if (node.kind === "list")
    return types.includes("object") ? { help: "Write `key: value` lines, without `- `." } : undefined;
  if (types.includes("boolean")) return forBoolean(node, types);
  if (types.includes("array")) return forList(node, shape);
  if (types.includes("object")) return { help: "Write `key: value` lines below it." };
  if (types.includes("string"))
    return { help: "Put it in quotes.", replace: inQuotes(node), fix: quoting(node, types) };
  return forNumber(node, types);
}

/** `{token}` without quotes, where a text with a hole is meant. */
function forHole(node: MapNode): Advice | undefined {
  const name = unquotedHole(node);
  if (name === undefined) return undefined;
  const text = `"{${name}}"`;
  return { help: `Put the hole in quotes: ${text}.`, replace: text, fix: quotingHole(name, node) };
}

function forBoolean({ value, span }: ScalarNode, types: readonly string[]): Advice | undefined {
  const word = String(value).toLowerCase();
  const meant = Object.hasOwn(booleanWords, word) ? booleanWords[word] : undefined;
  if (meant === undefined) return undefined;
  return {
    help: `Write ${meant}, without quotes: only \`true\` and \`false\` are booleans in YAML 1.2.`,
    replace: meant,
    fix:
      types.length === 1 ? replacing(span, word === meant ? `"${word}"` : String(value), meant) : undefined,
  };
}

function forList(node: ScalarNode, shape: Shape | undefined): Advice {
  const items = shape?.items && resolve(shape.items);
  const takesText = items?.type === "string" || items?.type?.includes("string") || items?.enum !== undefined;
  const help = "Write a list: each entry on a line that begins with `- `.";
  const { value, style, span } = node;
  const isWord = typeof value === "string" && /^[\w./:-]+$/.test(value);
  if (!takesText || !isWord || style === "block") return { help };
  const edits = [
    { span: { start: span.start, end: span.start }, text: "[" },
    { span: { start: span.end, end: span.end }, text: "]" },
  ];
  const fix = { title: `Make \`${value}\` a list of one`, edits };
  return style === "plain" ? { help, replace: `[${value}]`, fix } : { help, fix };
}

/** In quotes, where the number or boolean was written as it prints: `1.0` is the number 1. */
function inQuotes(node: ScalarNode): string | undefined {
  const text = String(node.value);
  return node.span.end - node.span.start === text.length ? `"${text}"` : undefined;
}

/** Quotes around what was written, `1.10` included, where nothing but a text will do. */
function quoting({ value, style, span }: ScalarNode, types: readonly string[]): Mend | undefined {
  if (types.length > 1 || style !== "plain" || typeof value === "string") return undefined;
  const quote = (at: number) => ({ span: { start: at, end: at }, text: '"' });
  return { title: `Put ${String(value)} in quotes`, edits: [quote(span.start), quote(span.end)] };
}

/** Milliseconds of what authors write behind a number. */
const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  msec: 1,
  millisecond: 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  min: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  hour: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
};

/** `30s` where the key says the unit: the number that is meant. */
function forDuration(path: Pointer, node: Node, types: readonly string[]): Advice | undefined {
  const key = String(path.at(-1));
  const own = /_(ms|seconds|minutes)(?:_|$)/.exec(key)?.[1];
  const isNumber = types.includes("number") || types.includes("integer");
  if (!own || !isNumber || node.kind !== "scalar" || typeof node.value !== "string") return undefined;
  const [, amount = "", word = ""] = /^(\d+(?:\.\d+)?) ?([a-z]+)$/i.exec(node.value) ?? [];
  // Plurals, but not `ms` and `s` themselves.
  const unit = word.toLowerCase().replace(/(?<=..)s$/, "");
  const ms = Object.hasOwn(unitMs, unit) ? unitMs[unit] : undefined;
  const ownMs = own === "ms" ? 1 : own === "seconds" ? 1000 : 60_000;
  if (ms === undefined) return undefined;
  const number = (Number(amount) * ms) / ownMs;
  if (!types.includes("number") && !Number.isInteger(number)) return undefined;
  const name = own === "ms" ? "milliseconds" : own;
  return { help: `Write ${number}: \`${key}\` is a number of ${name}.`, replace: String(number) };
}

function forNumber({ value, span }: ScalarNode, types: readonly string[]): Advice | undefined {
  if (typeof value !== "string" || !/^-?(0|[1-9]\d*)(\.\d+)?$/.test(value)) return undefined;
  if (!types.includes("number") && value.includes(".")) return undefined;
  const fix = replacing(span, `"${value}"`, value);
  return { help: "Write the number without quotes.", replace: value, fix };
}
