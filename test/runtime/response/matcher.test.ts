import { describe, expect, it } from "vitest";
import { loadPathEngines, select } from "../../../runtime/response/jsonpath.ts";
import { inRanges, loadMatchers, matches } from "../../../runtime/response/matcher.ts";
import type { Matcher, ValueTest } from "../../../schema/ir.ts";
import { type JsonPath, parsePlainPath } from "../../../schema/language/jsonpath.ts";
import { answerOf } from "./headers.ts";

function path(text: string): JsonPath {
  const steps = parsePlainPath(text);
  return steps ? { kind: "plain", text, steps } : { kind: "rfc9535", text };
}

async function holds(
  matcher: Matcher,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<boolean> {
  await loadMatchers([matcher]);
  return matches(matcher, answerOf(status, body, headers));
}

describe("a matcher", () => {
  it.each<[string, Matcher, boolean]>([
    ["nothing asked", {}, true],
    ["status in a range", { status: [{ from: 400, to: 499 }] }, true],
    [
      "status in none",
      {
        status: [
          { from: 200, to: 299 },
          { from: 500, to: 599 },
        ],
      },
      false,
    ],
    ["text contained", { text: { contains: "quota" } }, true],
    ["text not contained", { text: { contains: "Quota" } }, false],
    ["header there", { header: { name: "X-Error" } }, true],
    ["header there, name in any case", { header: { name: "x-ERROR", equals: "E42" } }, true],
    ["header as the text of a number", { header: { name: "x-count", equals: 5 } }, true],
    ["header in a list", { header: { name: "x-error", in: ["E41", "E42"] } }, true],
    ["header by pattern", { header: { name: "x-error", matches: "^E\\d+$" } }, true],
    ["header absent", { header: { name: "x-none", exists: false } }, true],
    ["header absent, though there", { header: { name: "x-error", exists: false } }, false],
    ["header wanted, though absent", { header: { name: "x-none" } }, false],
    [
      "all parts hold",
      { status: [{ from: 429, to: 429 }], header: { name: "x-error" }, text: { contains: "quota" } },
      true,
    ],
    [
      "one part does not",
      { status: [{ from: 429, to: 429 }], header: { name: "x-error" }, text: { contains: "other" } },
      false,
    ],
  ])("holds or not: %s", async (_, matcher, expected) => {
    expect(await holds(matcher, 429, "no quota left", { "x-error": "E42", "x-count": "5" })).toBe(expected);
  });

  const body = {
    ok: false,
    code: 7,
    none: null,
    list: [{ t: "a" }, { t: "b" }],
    deep: { x: [1, { y: 2 }] },
    id: "12345678901234567890",
  };
  it.each<[string, ValueTest, boolean]>([
    ["$.ok", { equals: false }, true],
    ["$.ok", { equals: "false" }, false],
    ["$.code", { equals: 7 }, true],
    ["$.code", { equals: "7" }, false],
    ["$.code", { in: [1, 7] }, true],
    ["$.code", { matches: "^7$" }, true],
    ["$.none", { exists: true }, true],
    ["$.none", { equals: null }, true],
    ["$.none", { matches: "null" }, false],
    ["$.missing", { exists: true }, false],
    ["$.missing", { exists: false }, true],
    ["$.missing", {}, false],
    ["$.list[*].t", { equals: "b" }, true],
    ["$.list[*].t", { equals: "c" }, false],
    ["$.list[*].t", { in: ["a"], matches: "b" }, false],
    ["$.deep", { equals: { x: [1, { y: 2 }] } }, true],
    ["$.deep", { equals: { x: [1, { y: 2, z: 3 }] } }, false],
    ["$.deep.x", { equals: { 0: 1, 1: { y: 2 } } }, false],
    ["$..y", { equals: 2 }, true],
    ["$.list[?@.t == 'b']", { exists: true }, true],
    ["$.constructor", { exists: false }, true],
    ["$.list", { matches: "a" }, false],
    ["$.code", { matches: "(?=7)" }, false],
  ])("on the body: %s %j", async (text, test, expected) => {
    expect(await holds({ json: { path: path(text), ...test } }, 200, body)).toBe(expected);
  });

  it("asks nothing of a body that is no JSON", async () => {
    expect(await holds({ json: { path: path("$") } }, 200, "<html>")).toBe(false);
    expect(await holds({ json: { path: path("$.a"), exists: false } }, 200, "<html>")).toBe(true);
  });

  it("loads nothing, and so waits for nothing, where it is plain", () => {
    expect(
      loadMatchers([{ status: [{ from: 1, to: 2 }], json: { path: path("$.a"), equals: 1 } }]),
    ).toBeUndefined();
    expect(loadPathEngines([path("$.a")])).toBeUndefined();
    expect(loadMatchers([{ header: { name: "a", matches: "b" } }])).toBeInstanceOf(Promise);
  });

  it("that was not loaded is a bug, and says so", () => {
    expect(() => matches({ header: { name: "a", matches: "b" } }, answerOf(200, "", { a: "b" }))).toThrow(
      expect.objectContaining({ code: "internal" }),
    );
    expect(() => select(path("$..a"), {})).toThrow(expect.objectContaining({ code: "internal" }));
  });

  it("holds an evil pattern to linear time", async () => {
    expect(
      await holds(
        { json: { path: path("$"), matches: "^(a+)+$" } },
        200,
        JSON.stringify(`${"a".repeat(50_000)}b`),
      ),
    ).toBe(false);
  });
});

it("ranges are inclusive", () => {
  const ranges = [
    { from: 200, to: 299 },
    { from: 304, to: 304 },
  ];
  expect([199, 200, 299, 300, 304].map((status) => inRanges(status, ranges))).toEqual([
    false,
    true,
    true,
    false,
    true,
  ]);
});

describe("an answer", () => {
  it("keeps long integers exact and reads the text by its charset", () => {
    expect(answerOf(200, '{"id":12345678901234567890}').json()).toEqual({ id: "12345678901234567890" });
    const headers = { "content-type": "text/plain; charset=latin1" };
    expect(answerOf(200, "Zoë", headers).text()).toBe("ZoÃ«");
  });

  it("whose path multiplies past its bounds is response_invalid", async () => {
    const wide = path("$..[?@ == 1]");
    await loadPathEngines([wide]);
    expect(() => select(wide, Array(100_001).fill(1))).toThrow(
      expect.objectContaining({
        code: "response_invalid",
        message: expect.stringContaining("Narrow the path"),
      }),
    );
  });

  it("with a path that no compiler proved is refused at load", async () => {
    await expect(loadPathEngines([{ kind: "rfc9535", text: "$[" }])).rejects.toMatchObject({
      code: "configuration",
    });
  });
});
