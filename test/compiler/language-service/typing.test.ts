/** The moment of typing: a descriptor cut off anywhere, with the cursor at its end, and the cursor anywhere in a whole one. */
import { describe, expect, it } from "vitest";
import { analyze } from "../../../compiler/language-service/analysis.ts";
import { completionsAt } from "../../../compiler/language-service/completion/completion.ts";
import { hoverAt } from "../../../compiler/language-service/hover.ts";
import { definitionsAt } from "../../../compiler/language-service/navigate.ts";
import { desk } from "./support.ts";

const json = JSON.stringify(
  { metadata: { name: "Desk" }, authentication: [{ type: "none" }], operations: [{ endpoint: "/{id}" }] },
  undefined,
  1,
);

describe("the moment of typing", () => {
  it.each([
    ["YAML", desk, 41],
    ["JSON", json, 5],
  ])("completes at the end of %s that is cut off anywhere", async (_what, text, stride) => {
    for (let end = 0; end <= text.length; end += stride) {
      const items = await completionsAt(text.slice(0, end), end);
      for (const { span } of items) {
        expect(span.start).toBeLessThanOrEqual(end);
        expect(span.end).toBeGreaterThanOrEqual(span.start);
        expect(text.slice(span.start, span.end)).not.toMatch(/[\r\n]/);
      }
    }
  });

  it("answers at every place of a whole text, within the text", async () => {
    const text = desk.replaceAll("\n", "\r\n");
    const analysis = await analyze(text);
    expect(analysis.diagnostics).toEqual([]);
    for (let offset = 0; offset <= text.length; offset += 3) {
      const hover = hoverAt(analysis, offset, () => undefined);
      if (hover) {
        expect(hover.span.start).toBeLessThanOrEqual(offset);
        expect(hover.span.end).toBeGreaterThanOrEqual(offset);
        expect(hover.markdown.trim()).not.toBe("");
      }
      for (const { span } of definitionsAt(analysis, offset))
        expect(text.slice(span.start, span.end)).toMatch(/^[\w-]+$/);
      if (offset % 60 === 0) await completionsAt(text, offset);
    }
  });
});
