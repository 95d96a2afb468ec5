/**
 * Slips of the hand in the text of the shipped descriptors, in YAML and in JSON: how many of them are told of, and how near.
 * Each slip counts once in places that are alike. A sample of them is made; `MUTATION_ALL=1` makes them all (half an hour).
 */
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { jsonMutants } from "./mutation/text/json-operators.ts";
import { createTextJudge, type TextVerdict } from "./mutation/text/judge.ts";
import { legitText } from "./mutation/text/legit.ts";
import { type TextMutant, textMutants } from "./mutation/text/operators.ts";
import { write } from "./mutation/write.ts";

const isWhole = process.env.MUTATION_ALL === "1";
/** One of so many is made. A prime, so that no operator is passed over for good. */
const sampleStep = isWhole ? 1 : 97;
const limitMs = 3_600_000;

const folder = new URL("../../descriptors/", import.meta.url);
const sources = [
  new URL("../support/base.yaml", import.meta.url),
  ...readdirSync(folder).map((name) => new URL(`${name}/connector.yaml`, folder)),
].map((url) => [url.pathname.split("/").slice(-2).join("/"), readFileSync(url, "utf8")] as const);

/** Least shares of the slips that are told of, by how near; most of those that are told elsewhere. */
const floors = {
  yaml: { line: 0.8, near: 0.93, elsewhere: 0.03 },
  json: { line: 0.8, near: 0.92, elsewhere: 0.08 },
} as const;

describe.each(["yaml", "json"] as const)("slips in %s", (format) => {
  const seen = new Set<string>();
  const counts: Record<TextVerdict, number> = {
    line: 0,
    end: 0,
    named: 0,
    elsewhere: 0,
    equivalent: 0,
    silent: 0,
  };
  const elsewhere: string[] = [];
  let met = 0;

  it.each(sources)(
    "of %s are told of, or are edits that nobody could know for slips",
    async (_, source) => {
      const text = format === "yaml" ? source : write(parse(source, { merge: true })).text;
      const judge = await createTextJudge(text, format);
      const holes: string[] = [];
      for (const mutant of format === "yaml" ? textMutants(text) : jsonMutants(text)) {
        const kind = `${mutant.operator} ${mutant.place}`;
        if (seen.has(kind)) continue;
        seen.add(kind);
        met += 1;
        if (met % sampleStep !== 0) continue;
        // A test that never gives way keeps its runner from answering.
        await new Promise((resolve) => setImmediate(resolve));
        const { verdict } = await judge(mutant);
        counts[verdict] += 1;
        if (verdict === "elsewhere") elsewhere.push(shown(mutant));
        if (verdict === "silent" && !legitText.some(({ holds }) => holds(mutant))) holes.push(shown(mutant));
      }
      expect(holes).toEqual([]);
    },
    limitMs,
  );

  it("are told of where they are", () => {
    const told = counts.line + counts.end + counts.named + counts.elsewhere;
    const made = told + counts.equivalent + counts.silent;
    expect(made).toBe(Math.floor(met / sampleStep));
    expect(made).toBeGreaterThan(60);
    const { line, near, elsewhere: most } = floors[format];
    expect(counts.line / told, JSON.stringify(counts)).toBeGreaterThan(line);
    expect((counts.line + counts.end) / told, JSON.stringify(counts)).toBeGreaterThan(near);
    expect(counts.elsewhere / told, elsewhere.join("\n")).toBeLessThan(most);
    // Most slips are told of at all.
    expect(told / made).toBeGreaterThan(0.75);
  });

  afterAll(() => {
    if (isWhole) console.info(format, counts, elsewhere);
  });
});

function shown({ operator, place, text, first }: TextMutant): string {
  return `${operator} ${place}: ${text.split("\n")[first - 1]?.trim()}`;
}
