import type { Step } from "../../../schema/ir.ts";
import type { DeclaredChain, DeclaredStep } from "../../lower/declared.ts";
import { durationWords } from "../duration.ts";
import type { Rule } from "../rule.ts";

export const chainOutlivesInput: Rule = {
  id: "chain/outlives-input",
  severity: "warning",
  summary: "A step that is to be kept for longer than a step whose values it uses.",
  check: ({ profiles }, report) => {
    const seen = new Set<DeclaredChain>();
    for (const { declared, profile } of profiles) {
      const { chain } = declared;
      if (!chain || seen.has(chain) || profile?.source.kind !== "chain") continue;
      seen.add(chain);
      for (const { step, life, input, least } of overlong(chain, profile.source.steps)) {
        const long = durationWords(life * 1000);
        const short = durationWords(least * 1000);
        report({
          path: [...step.at.path, "ttl_seconds"],
          message: `\`${step.name}\` uses \`${input.name}\`, which is fetched anew after ${short}: with another value of it, what was kept here is of no use, long before ${long}.`,
          label: long,
          help: `Where its values stay good without \`${input.name}\`, keep \`${input.name}\` as long; else say the shorter time here, too.`,
          related: [{ path: [...input.at.path, "ttl_seconds"], message: short }],
        });
      }
    }
  },
};

interface Overlong {
  readonly step: DeclaredStep;
  readonly life: number;
  readonly input: DeclaredStep;
  readonly least: number;
}

/** Steps use earlier ones only: in their order, each knows the shortest life among all that it hangs on. */
function overlong({ steps }: DeclaredChain, lowered: readonly Step[]): Overlong[] {
  const shortest = new Map<string, DeclaredStep>();
  return steps.flatMap((step, index) => {
    const givers = (lowered[index]?.inputs ?? []).flatMap((symbol) =>
      symbol.kind === "extract" ? (shortest.get(symbol.step) ?? []) : [],
    );
    const input = [...givers].sort((a, b) => lifeOf(a) - lifeOf(b))[0];
    const own = lifeOf(step);
    const least = input ? lifeOf(input) : Number.POSITIVE_INFINITY;
    const shorter = own <= least ? (Number.isFinite(own) ? step : undefined) : input;
    if (shorter) shortest.set(step.name, shorter);
    return input && Number.isFinite(own) && own > least ? [{ step, life: own, input, least }] : [];
  });
}

/** Without a `ttl_seconds` a step is kept for as long as its inputs allow. */
function lifeOf({ at }: DeclaredStep): number {
  return at.at("ttl_seconds").number() ?? Number.POSITIVE_INFINITY;
}
