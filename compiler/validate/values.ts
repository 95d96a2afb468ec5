import type { Mend } from "../diagnostics.ts";
import { child, entry, type Node } from "../read/tree.ts";
import { type Fault, isNews, shownAt, type Telling } from "./outcome.ts";
import type { StructureRule } from "./rules.ts";
import type { Shape } from "./shape.ts";
import { intendedChoice, surelyMeans } from "./spelling.ts";
import { capitalised, inStyle, nameOf, nodeInWords, quoted, replacing, shortened } from "./words.ts";
import { adviseType } from "./wrong-type.ts";

/** What a value's fault is, before it has a place. */
interface Told {
  readonly rule: StructureRule;
  readonly message: string;
  readonly help: string;
  readonly replace?: string;
  readonly fix?: Mend;
}

/** Reports a fault of a value; `rule` stands in for the fault's own rule inside an author's schema. */
export function tellValue(fault: Fault, telling: Telling, rule?: StructureRule): void {
  if (!isNews(telling, fault.to)) return;
  const told = describe(fault);
  const path = telling.original(fault.to);
  const advice = rule ? {} : sharedSchema(fault, telling);
  telling.report({ ...told, ...advice, rule: rule ?? told.rule, path, ...shownAt(fault) });
}

/** `response_schema: Ticket`, where there is a shared schema of that name. */
function sharedSchema(
  { to, node }: Fault,
  { source }: Telling,
): { readonly help?: string; readonly replace?: string } {
  const isSchema = to.at(-1) === "response_schema" || to.at(-1) === "schema";
  if (!isSchema || node.kind !== "scalar" || typeof node.value !== "string") return {};
  if (!entry(child(source, "schemas"), node.value)) return {};
  const replace = `{ "$ref": ${JSON.stringify(`#/schemas/${node.value}`)} }`;
  return { help: `Refer to the shared schema: \`${replace}\`.`, replace };
}

function describe(fault: Fault): Told {
  const { node, params, keyword, shape } = fault;
  if (node.kind === "scalar" && node.value === null) return wrongType(fault, typesOf(shape), shape);
  const name = capitalised(nameOf(fault.to));
  const limit = String(params.limit);
  switch (keyword) {
    case "type":
      return wrongType(fault, asList(params.type), shape);
    case "enum":
      return choice(fault, asList(params.allowedValues));
    case "const":
      return choice(fault, [params.allowedValue]);
    case "minLength":
    case "maxLength":
    case "minItems":
    case "maxItems":
    case "minProperties":
    case "maxProperties":
      return length(fault, name);
    case "pattern":
      return {
        rule: "structure/pattern",
        message: `${name} ${shape?.patternErrorMessage ?? `must match \`${String(params.pattern)}\``}, but is ${nodeInWords(node)}.`,
        help: "Change it to the form that is asked for.",
        ...inForm(node, String(params.pattern)),
      };
    case "minimum":
      return range(fault, `${name} must be at least ${limit}`);
    case "maximum":
      return range(fault, `${name} must be at most ${limit}`);
    case "exclusiveMinimum":
      return range(fault, `${name} must be more than ${limit}`);
    case "uniqueItems":
      return {
        rule: "structure/not-allowed",
        message: `${name} holds the same entry twice.`,
        help: "Remove one of them.",
        ...removingTwin(node, params),
      };
    case "additionalProperties": {
      const key = String(params.additionalProperty);
      return {
        rule: "structure/unknown-key",
        message: `${name} has the unknown key \`${key}\`.`,
        help: "Remove it.",
      };
    }
    default:
      return {
        rule: "structure/not-allowed",
        message: `${name} is not valid (${keyword}).`,
        help: "Change it.",
      };
  }
}

/** The words in another style, or a version with the parts that it lacks, where that has the form. */
function inForm(node: Node, pattern: string): { readonly help?: string; readonly replace?: string } {
  if (node.kind !== "scalar" || typeof node.value !== "string" || node.value.length > 100) return {};
  const words = node.value
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z\d]+/)
    .filter(Boolean);
  const version = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(node.value);
  const form = new RegExp(pattern, "u");
  const names = node.value.split(/\s+/);
  if (
    node.style === "plain" &&
    names.length > 1 &&
    !form.test("a b") &&
    names.every((name) => form.test(name))
  )
    return { help: `Write a comma between the names: \`${names.join(", ")}\`.`, replace: names.join(", ") };
  const guesses = [
    words.join("-").toLowerCase(),
    words.join("_").toLowerCase(),
    node.value.replace(/^[$/]?\.?/, ""),
    // Where a bare host will not do, but one with a scheme will.
    ...(form.test("a.b") ? [] : [`https://${node.value}`]),
    ...(version ? [`${version[1]}.${version[2] ?? 0}.${version[3] ?? 0}`] : []),
  ];
  // Where a dot has its meaning, as in a host or a path, what stands between the words is more than style.
  const isStyle = version || !form.test("a.b") || /^[\w\s-]+$/.test(node.value);
  const meant = (isStyle ? guesses : guesses.slice(2)).find(
    (guess) => guess !== node.value && form.test(guess),
  );
  return meant === undefined ? {} : { help: `Did you mean \`${meant}\`?`, replace: inStyle(meant, node) };
}

function wrongType(fault: Fault, types: readonly unknown[], shape: Shape | undefined): Told {
  return { rule: "structure/wrong-type", ...adviseType(fault.to, fault.node, types.map(String), shape) };
}

function choice({ to, node }: Fault, values: readonly unknown[]): Told {
  const accepted = quoted(values, "or");
  const shown =
    node.kind === "scalar" && typeof node.value === "string" ? shortened(node.value) : nodeInWords(node);
  const message = `${capitalised(nameOf(to))} cannot be ${shown}; accepted: ${accepted}.`;
  const meant =
    node.kind === "scalar" && typeof node.value === "string" ? intendedChoice(node.value, values) : undefined;
  if (node.kind !== "scalar" || meant === undefined) {
    return { rule: "structure/not-allowed", message, help: "Write one of the accepted values." };
  }
  const help = `Did you mean \`${meant}\`?`;
  const replace = inStyle(meant, node);
  const written = String(node.value);
  const certain = surelyMeans(written, meant, values.map(String));
  const fix = certain ? { fix: replacing(node.span, written, replace, meant) } : {};
  return { rule: "structure/not-allowed", message, help, replace, ...fix };
}

/** Of two entries that are the same, the second goes. */
function removingTwin(from: Node, { i, j }: Fault["params"]): { readonly fix?: Mend } {
  const index = Math.max(Number(i), Number(j));
  const item = from.kind === "list" ? from.items[index] : undefined;
  if (from.kind !== "list" || !item) return {};
  return {
    fix: { title: "Remove the second of two equal entries", edits: [{ kind: "remove-item", index, from }] },
  };
}

function range({ node }: Fault, sentence: string): Told {
  return {
    rule: "structure/range",
    message: `${sentence}, but is ${nodeInWords(node)}.`,
    help: "Change the number.",
  };
}

function length({ keyword, params, node }: Fault, name: string): Told {
  const limit = Number(params.limit);
  const bound = keyword.startsWith("min") ? "at least" : "at most";
  const [unit, size] = sizeOf(node);
  const units = limit === 1 ? unit.replace(/ies$/, "y").replace(/s$/, "") : unit;
  const has = size === 0 ? "is empty" : `has ${size}`;
  return {
    rule: "structure/length",
    message: `${name} must have ${bound} ${limit} ${units}, but ${has}.`,
    help: adviceOn(keyword, node),
  };
}

function adviceOn(keyword: string, { kind }: Node): string {
  const isMore = keyword.startsWith("min");
  if (kind === "scalar") return isMore ? "Make it longer." : "Make it shorter.";
  const what = kind === "list" ? "entry" : "key";
  return isMore ? `Add ${what === "entry" ? "an" : "a"} ${what}.` : `Remove what is too much.`;
}

function sizeOf(node: Fault["node"]): readonly [unit: string, size: number] {
  if (node.kind === "map") return ["keys", node.entries.length];
  if (node.kind === "list") return ["entries", node.items.length];
  // JSON Schema counts characters, not UTF-16 units (RFC 8259, section 7).
  return ["characters", [...String(node.value)].length];
}

function typesOf(shape: Shape | undefined): readonly unknown[] {
  if (shape?.type !== undefined) return asList(shape.type);
  return shape?.properties || shape?.oneOf ? ["object"] : ["string"];
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
