/**
 * Mistakes that a program makes in right descriptors: what changes the meaning is told of, at its place, or is an edit
 * that nobody could know for a mistake. `MUTATION_ALL=1` makes each mistake in each place (half an hour); otherwise
 * each is made once in places that are alike.
 */
import { describe, expect, it } from "vitest";
import { originals } from "./mutation/descriptors.ts";
import { createJudge, type Judgement } from "./mutation/judge.ts";
import { legit } from "./mutation/legit.ts";
import { type Mutation, mutations, placeOf } from "./mutation/mutate.ts";

const everyPlace = process.env.MUTATION_ALL === "1";

/** Places of one kind: any index, any property of any schema. */
function kindOf({ kind, way }: Mutation): string {
  const place = placeOf(way)
    .replace(/^.*\/(?:response_schema|schema|schemas\/[^/]+)\//, "/schema/")
    .replace(/(?:\/properties\/[^/]+)+/, "/properties/any");
  return `${kind} ${place}`;
}

function shown(mutation: Mutation, { findings }: Judgement): string {
  const told = findings.map(({ rule, path }) => `${rule} ${path}`).join(", ");
  return `${mutation.kind} ${placeOf(mutation.way)} (${mutation.words.slice(0, 4).join(" | ")})${told && `: ${told}`}`;
}

describe("mistakes made by a program", () => {
  const made = new Set<string>();
  const used = new Set<string>();
  let found = 0;

  it.each(originals().map((original) => [original.title, original] as const))(
    "in %s are found where they are",
    async (_, { data, roots }) => {
      const judge = await createJudge(data);
      const unfound: string[] = [];
      const astray: string[] = [];
      for (const mutation of mutations(data, roots)) {
        const kind = kindOf(mutation);
        if (made.has(kind) && !everyPlace) continue;
        made.add(kind);
        // A test that never gives way keeps its runner from answering.
        await new Promise((resolve) => setImmediate(resolve));
        const judgement = await judge.judge(mutation);
        if (judgement.verdict === "found") found += 1;
        if (judgement.verdict === "astray") astray.push(shown(mutation, judgement));
        if (judgement.verdict !== "silent") continue;
        const excuse = legit.find(({ holds }) => holds(mutation, placeOf(mutation.way)));
        if (excuse) used.add(excuse.why);
        else unfound.push(shown(mutation, judgement));
      }
      expect({ unfound, astray }).toEqual({ unfound: [], astray: [] });
    },
    1_200_000,
  );

  it("are many, and every excuse is one", () => {
    expect(made.size).toBeGreaterThan(1_000);
    expect(found).toBeGreaterThan(made.size / 2);
    expect(legit.map(({ why }) => why).filter((why) => !used.has(why))).toEqual([]);
  });
});
