import type { Severity } from "../../schema/diagnostic.ts";
import type { RuleId } from "../diagnostics.ts";
import type { Model } from "../lower/lower.ts";
import type { Pointer } from "../read/tree.ts";
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
  readonly summary: string;
  /** "operation", "profile": what the name names. */
  readonly what: string;
  readonly help: string;
  readonly names: (model: Model) => readonly Named[];
}

/** A rule that finds the second and later uses of a name that must be unique. */
export function duplicateRule({ id, severity = "error", summary, what, help, names }: DuplicateRule): Rule {
  return {
    id,
    severity,
    summary,
    check: (model, report) => {
      const first = new Map<string, Named>();
      for (const named of names(model)) {
        const key = `${named.group}\n${named.name}`;
        const earlier = first.get(key);
        if (!earlier) first.set(key, named);
        else
          report({
            path: named.path,
            at: named.at ?? "value",
            message: `There is another ${what} \`${named.shown ?? named.name}\`.`,
            help,
            related: [{ path: earlier.path, at: earlier.at ?? "value", message: "the first one" }],
          });
      }
    },
  };
}
