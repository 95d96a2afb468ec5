import type { Severity } from "../../schema/diagnostic.ts";
import type { Finding, RuleId } from "../diagnostics.ts";
import type { Model } from "../lower/lower.ts";
import { entry, nodeAt, type Pointer, sameData } from "../read/tree.ts";
import type { Rule } from "./rule.ts";

/** A name with the place that it is written at; only names of one group may clash. */
export interface Named {
  readonly group: string;
  readonly name: string;
  /** As shown; the name itself unless given. */
  readonly shown?: string;
  readonly path: Pointer;
  /** The key at the path, or its value (unless given). */
  readonly at?: "key" | "value";
}

interface DuplicateRule {
  readonly id: RuleId;
  readonly severity?: Severity;
  /** As a `Rule`'s; errors are so unless this says no. */
  readonly blocking?: false;
  readonly summary: string;
  /** "operation", "profile": what the name names. */
  readonly what: string;
  readonly help: string;
  readonly names: (model: Model) => readonly Named[];
}

/** A rule that finds the second and later uses of a name that must be unique. */
export function duplicateRule({
  id,
  severity = "error",
  blocking,
  summary,
  what,
  help,
  names,
}: DuplicateRule): Rule {
  return {
    id,
    severity,
    ...(severity === "error" && blocking !== false ? { blocking: true } : {}),
    summary,
    check: (model, report) => {
      const first = new Map<string, Named>();
      for (const named of names(model)) {
        const key = `${named.group}\n${named.name}`;
        const earlier = first.get(key);
        // The head of an item that stands twice, `- name: a` above `- name: a`: what the first lacks was told.
        if (!earlier || isHeadOnly(model, earlier)) first.set(key, named);
        else
          report({
            path: named.path,
            at: named.at ?? "value",
            message: `There is another ${what} \`${named.shown ?? named.name}\`.`,
            label: "the second",
            help,
            ...removingTwin(model, earlier, named),
            related: [{ path: earlier.path, at: earlier.at ?? "value", message: "the first one" }],
          });
      }
    },
  };
}

function isHeadOnly({ declared, lowering }: Model, { path }: Named): boolean {
  const item = path.slice(0, -1);
  const node = declared.root.node && nodeAt(declared.root.node, item);
  return node?.kind === "map" && node.entries.length === 1 && lowering.lacksKey(item);
}

/** Where two items of one list, or two entries of one map, say the same, the second goes. */
function removingTwin({ declared }: Model, first: Named, second: Named): Pick<Finding, "fix"> {
  const { node: root } = declared.root;
  const title = `Remove the second \`${second.shown ?? second.name}\`, which says the same`;
  if (!root || first.path.length !== second.path.length) return {};
  if (first.at === "key" && second.at === "key") {
    const from = nodeAt(root, second.path.slice(0, -1));
    const entries = [first, second].map(({ path }) => entry(from, String(path.at(-1))));
    const [one, other] = entries;
    if (from?.kind !== "map" || from !== nodeAt(root, first.path.slice(0, -1)) || !one || !other) return {};
    if (!sameData(one.value, other.value)) return {};
    return { fix: { title, edits: [{ kind: "remove-entry", entry: other, from }] } };
  }
  const depth = second.path.findLastIndex((part) => typeof part === "number");
  const list = second.path.slice(0, depth);
  const from = depth < 0 ? undefined : nodeAt(root, list);
  const index = Number(second.path[depth]);
  const isOneList = list.every((part, at) => part === first.path[at]);
  if (from?.kind !== "list" || !isOneList) return {};
  const [one, other] = [from.items[Number(first.path[depth])], from.items[index]];
  if (one === other || !sameData(one, other)) return {};
  return { fix: { title, edits: [{ kind: "remove-item", index, from }] } };
}
