import type { Report } from "../diagnostics.ts";
import { type Node, type Pointer, pointerText, type ScalarNode } from "../read/tree.ts";
import { choiceSynonym } from "./choice-synonyms.ts";
import { accepted, type Shape } from "./shape.ts";
import { intendedChoice, surelyMeans } from "./spelling.ts";
import { capitalised, inStyle, nameOf, quoted, replacing, shortened } from "./words.ts";

/** Where a scalar stands, and who hears of it. */
export interface ChoiceSpot {
  readonly from: Pointer;
  readonly to: Pointer;
  readonly report: Report;
  readonly broken: Set<string>;
}

/** Reports a text that is none of the listed values; where the intent is certain, the tree goes on with that. */
export function mendChoice(node: ScalarNode, shape: Shape, spot: ChoiceSpot): Node {
  const { value } = node;
  const choices = accepted(shape)?.filter((choice) => typeof choice === "string") ?? [];
  if (typeof value !== "string" || choices.length === 0 || choices.includes(value)) return node;
  spot.broken.add(pointerText(spot.to));
  const meant = choiceSynonym(value, choices) ?? intendedChoice(value, choices);
  const message = `${capitalised(nameOf(spot.from))} cannot be ${shortened(value)}; accepted: ${quoted(choices, "or")}.`;
  const finding = { rule: "structure/not-allowed", path: spot.from, span: node.span, message } as const;
  if (meant === undefined) {
    spot.report({ ...finding, help: "Write one of the accepted values." });
    return node;
  }
  const replace = inStyle(meant, node);
  const fix = surelyMeans(value, meant, choices) ? { fix: replacing(node.span, value, replace, meant) } : {};
  spot.report({ ...finding, help: `Did you mean \`${meant}\`?`, replace, ...fix });
  return node.withValue(meant);
}
