import type { DeclaredStep } from "../../lower/declared.ts";
import { allChains } from "../../lower/oauth-after.ts";
import type { Rule } from "../rule.ts";

export const chainCrossedExtracts: Rule = {
  id: "chain/crossed-extracts",
  severity: "warning",
  summary: "Two extracts of a step of which one takes what the other is named for.",
  check: ({ declared }, report) => {
    for (const { steps } of allChains(declared))
      for (const step of steps) {
        const last = new Map(lastNames(step));
        for (const { name, at } of step.extracts) {
          const taken = last.get(name);
          // One that another name is given on purpose, beside the one of that name, stays as it is.
          if (taken === undefined || taken === name || !last.has(taken) || last.get(taken) === taken)
            continue;
          const other = step.extracts.find((one) => one.name === taken);
          if (!other) continue;
          report({
            path: at.path,
            message: `\`${name}\` takes \`${taken}\` of the answer, and \`${taken}\` takes something else.`,
            label: `ends in \`${taken}\``,
            help: "Exchange the two paths, or name the extracts by what they take.",
            related: [{ path: other.at.path, message: `the extract \`${taken}\`` }],
          });
          break;
        }
      }
  },
};

/** The extracts that are paths, each with the last name of its path. */
function lastNames({ extracts }: DeclaredStep): (readonly [name: string, last: string])[] {
  return extracts.flatMap(({ name, at }) => {
    const last = /^\$.*?(\w+)(?:['"]?\])?$/.exec(at.string() ?? "")?.[1];
    return last === undefined ? [] : [[name, last] as const];
  });
}
