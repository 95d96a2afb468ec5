import type { Report } from "../diagnostics.ts";
import { child, entry, type Node, type Pointer, pointerText, toValue } from "../read/tree.ts";
import { doubledKey, droppedKey } from "./broken-marks.ts";
import { validate as validateDescriptor } from "./descriptor.gen.js";
import isDescriptor from "./descriptor-check.gen.ts";
import { judgeSchema } from "./embedded-schema.ts";
import { mend, type Stray } from "./mend.ts";
import { tellMissingKeys } from "./missing-keys.ts";
import { type Fault, faults, type Judge, shownAt, type Telling } from "./outcome.ts";
import { rootShape } from "./shape.ts";
import { tellTextSlips } from "./text-slips.ts";
import { tellValue } from "./values.ts";
import { nodeInWords, replacing, shortened } from "./words.ts";

/** A descriptor whose structure was judged. */
export interface Validated {
  /** The tree that the author meant: misspelt keys mended, misplaced ones moved or gone, unknown ones gone. */
  readonly root: Node;
  /**
   * JSON Pointers, in `root`, of values that were reported and of required keys that are missing. What only
   * follows from these is not worth a finding.
   */
  readonly broken: ReadonlySet<string>;
}

/**
 * Judges a descriptor by its JSON Schema and reports what is wrong, each mistake once; `start` is where the document
 * begins in its file, `doubled` names the keys that stand twice in it, `text` is the file's.
 */
export function validate(
  source: Node,
  report: Report,
  start = 0,
  doubled: readonly Pointer[] = [],
  text = "",
): Validated {
  if (source.kind !== "map") {
    const message = `A descriptor must be a map, but this document is ${nodeInWords(source)}.`;
    const help = "Begin with `metadata:`, `authentication:` and `operations:`.";
    report({ rule: "structure/wrong-type", path: [], span: { start, end: start }, message, help });
    return { root: source, broken: new Set([""]) };
  }
  const { root, embedded, broken, strays, original } = mend(source, report, rootShape, text);
  for (const path of doubled) markDoubled(path, broken);
  const telling: Telling = { report, source, start, original, broken };
  tellTextSlips(root, original, report, broken);
  // The descriptor's schema asks of an author's schema only that it is one; the meta-schema judges the rest.
  const value = toValue(root, new Set(embedded.map(({ node }) => node)));
  tellFaults(faults(judge, value, root, rootShape), root, strays, telling);
  for (const schema of embedded) judgeSchema(schema, telling);
  return { root, broken };
}

const judge: Judge = { isRight: isDescriptor, validator: () => validateDescriptor };

/** A key that stands twice is dropped once: what its map lacks may be what that one meant. */
function markDoubled(path: Pointer, broken: Set<string>): void {
  for (const key of [droppedKey, doubledKey]) broken.add(pointerText([...path.slice(0, -1), key]));
}

function tellFaults(all: readonly Fault[], root: Node, strays: readonly Stray[], telling: Telling): void {
  const told = all.filter(
    ({ schemaPath, keyword, to }) =>
      !schemaPath.startsWith("#/anyOf/") &&
      keyword !== "if" &&
      !(keyword === "minProperties" && isEmptied(to, telling)),
  );
  tellMissingKeys([...told, ...missingSubject(told, root)], strays, telling);
  for (const fault of told) {
    if (fault.keyword === "anyOf") tellNoOperations(fault, root, telling);
    else if (fault.keyword === "discriminator") tellTag(fault, telling);
    else if (fault.to[0] === "language_version") tellVersion(fault, telling);
    else if (fault.keyword !== "required") tellValue(fault, telling);
  }
}

/** Whether what an empty map or list lacks was reported, in it or in a map around it. */
function isEmptied(to: Pointer, { broken }: Telling): boolean {
  if (broken.has(pointerText(to))) return true;
  return to.some((_, index) => broken.has(pointerText([...to.slice(0, index), droppedKey])));
}

/** A descriptor with neither operations nor a database: it lacks operations. */
function missingSubject(all: readonly Fault[], root: Node): readonly Fault[] {
  const either = all.find(({ keyword }) => keyword === "anyOf");
  if (!either || entry(root, "operations")) return [];
  return [{ ...either, keyword: "required", params: { missingProperty: "operations" } }];
}

/** `operations: []` where there is no database either; an `operations` of another type is told as such. */
function tellNoOperations(fault: Fault, root: Node, telling: Telling): void {
  const node = child(root, "operations");
  if (node?.kind !== "list" || node.items.length > 0) return;
  tellValue({ ...fault, keyword: "minItems", params: { limit: 1 }, to: ["operations"], node }, telling);
}

/** A `type` that is no text; an unknown text was told when the tree was mended, a missing one as missing. */
function tellTag(fault: Fault, telling: Telling): void {
  const tag = String(fault.params.tag);
  const found = entry(fault.node, tag);
  if (!found) return;
  const type = { keyword: "type", params: { type: "string" }, shape: undefined, to: [...fault.to, tag] };
  tellValue({ ...fault, ...type, node: found.value, keySpan: found.keySpan }, telling);
}

function tellVersion(fault: Fault, telling: Telling): void {
  const { to, node } = fault;
  const isEmpty = node.kind === "scalar" && node.value === null;
  const isText = node.kind === "scalar" && node.value === "1";
  telling.broken.add(pointerText(to));
  telling.report({
    rule: "structure/language-version",
    path: telling.original(to),
    ...shownAt(fault),
    message: isEmpty
      ? "`language_version` has no value; known: 1."
      : isText
        ? '`language_version` is a number, and "1" in quotes is a text.'
        : `\`language_version\` cannot be ${node.kind === "scalar" ? shortened(String(node.value)) : nodeInWords(node)}; known: 1.`,
    help: isText
      ? "Write it without quotes: `language_version: 1`."
      : `Write \`language_version: 1\`, or ${isEmpty ? "leave the key out" : "use a newer release"}.`,
    ...(isText ? { fix: replacing(node.span, '"1"', "1") } : {}),
  });
}
