import { type Fault, isNews, shownAt, type Telling } from "./outcome.ts";
import type { StructureRule } from "./rules.ts";
import type { Shape } from "./shape.ts";
import { intendedChoice } from "./spelling.ts";
import { capitalised, inStyle, nameOf, nodeInWords, quoted, shortened } from "./words.ts";
import { adviseType } from "./wrong-type.ts";

/** What a value's fault is, before it has a place. */
interface Told {
  readonly rule: StructureRule;
  readonly message: string;
  readonly help: string;
  readonly replace?: string;
}

/** Reports a fault of a value; `rule` stands in for the fault's own rule inside an author's schema. */
export function tellValue(fault: Fault, telling: Telling, rule?: StructureRule): void {
  if (!isNews(telling, fault.to)) return;
  const told = describe(fault);
  const path = telling.original(fault.to);
  telling.report({ ...told, rule: rule ?? told.rule, path, ...shownAt(fault) });
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
  return { rule: "structure/not-allowed", message, help, replace: inStyle(meant, node) };
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
    help: keyword.startsWith("min") ? "Make it longer." : "Make it shorter.",
  };
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
