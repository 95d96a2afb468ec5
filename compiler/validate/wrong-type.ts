import type { Node, Pointer } from "../read/tree.ts";
import { resolve, type Shape } from "./shape.ts";
import { capitalised, nameOf, nodeInWords, typesInWords } from "./words.ts";

/** The sentence, the advice and, where it is certain, the mended text for a value of the wrong type. */
export interface TypeAdvice {
  readonly message: string;
  readonly help: string;
  readonly replace?: string;
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
  const advice = adviceFor(node, types, shape);
  return { message, help: advice?.help ?? `Write ${expected}.`, ...replacement(advice?.replace, shape) };
}

/** No text is certain where it must also have a form. */
function replacement(text: string | undefined, shape: Shape | undefined): { readonly replace?: string } {
  return text === undefined || shape?.patternErrorMessage ? {} : { replace: text };
}

interface Advice {
  readonly help: string;
  readonly replace?: string | undefined;
}

function adviceFor(node: Node, types: readonly string[], shape: Shape | undefined): Advice | undefined {
  if (node.kind === "map")
    return types.includes("array") ? { help: "Begin each entry of the list with `- `." } : undefined;
  if (node.kind === "list")
    return types.includes("object") ? { help: "Write `key: value` lines, without `- `." } : undefined;
  if (types.includes("boolean")) return forBoolean(node.value);
  if (types.includes("array")) return forList(node, shape);
  if (types.includes("object")) return { help: "Write `key: value` lines below it." };
  if (types.includes("string")) return { help: "Put it in quotes.", replace: inQuotes(node) };
  return forNumber(node.value, types);
}

function forBoolean(value: unknown): Advice | undefined {
  const word = String(value).toLowerCase();
  const meant = Object.hasOwn(booleanWords, word) ? booleanWords[word] : undefined;
  if (meant === undefined) return undefined;
  return {
    help: `Write ${meant}, without quotes: only \`true\` and \`false\` are booleans in YAML 1.2.`,
    replace: meant,
  };
}

function forList(node: Extract<Node, { kind: "scalar" }>, shape: Shape | undefined): Advice {
  const items = shape?.items && resolve(shape.items);
  const takesText = items?.type === "string" || items?.type?.includes("string") || items?.enum !== undefined;
  const help = "Write a list: each entry on a line that begins with `- `.";
  const isPlainWord =
    typeof node.value === "string" && /^[\w./:-]+$/.test(node.value) && node.style === "plain";
  return takesText && isPlainWord ? { help, replace: `[${String(node.value)}]` } : { help };
}

/** In quotes, where the number or boolean was written as it prints: `1.0` is the number 1. */
function inQuotes(node: Extract<Node, { kind: "scalar" }>): string | undefined {
  const text = String(node.value);
  return node.span.end - node.span.start === text.length ? `"${text}"` : undefined;
}

function forNumber(value: unknown, types: readonly string[]): Advice | undefined {
  if (typeof value !== "string" || !/^-?(0|[1-9]\d*)(\.\d+)?$/.test(value)) return undefined;
  if (!types.includes("number") && value.includes(".")) return undefined;
  return { help: "Write the number without quotes.", replace: value };
}
