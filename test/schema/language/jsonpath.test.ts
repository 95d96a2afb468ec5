import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSingular, parsePlainPath, selectPlain } from "../../../schema/language/jsonpath.ts";
import { preparePath, provePath } from "../../../schema/language/path-engine.ts";
import { suiteJson } from "../../runtime/response/corpus.ts";

interface ComplianceCase {
  readonly name: string;
  readonly selector: string;
  readonly document?: unknown;
  readonly result?: unknown;
  readonly results?: readonly unknown[];
  readonly invalid_selector?: boolean;
}

const suite = suiteJson("jsonpath/cts.json") as { readonly tests: readonly ComplianceCase[] } | undefined;
const cases = suite?.tests ?? [];
const valid = cases.filter((test) => !test.invalid_selector);
const invalid = cases.filter((test) => test.invalid_selector);

function answers(test: ComplianceCase): readonly unknown[] {
  return test.results ?? [test.result];
}

describe.skipIf(!suite)("the RFC 9535 compliance suite", () => {
  it("has the cases that this file counts on", () => {
    expect(valid.length).toBeGreaterThan(400);
    expect(invalid.length).toBeGreaterThan(200);
  });

  it("gets the suite's answer from the accessor for every path that counts as plain", () => {
    const plain = valid.flatMap((test) => {
      const steps = parsePlainPath(test.selector);
      return steps ? [{ test, steps }] : [];
    });
    expect(plain.length).toBeGreaterThan(100);
    for (const { test, steps } of plain) {
      expect(answers(test), test.name).toContainEqual(selectPlain(test.document, steps));
    }
  });

  it("takes no invalid path for a plain one", () => {
    expect(invalid.filter((test) => parsePlainPath(test.selector)).map((test) => test.selector)).toEqual([]);
  });

  it("proves and answers every valid path", async () => {
    for (const test of valid) {
      const proof = await provePath(test.selector, "rfc9535");
      if ("problem" in proof) throw new Error(`${test.name}: refused, ${proof.problem.message}`);
      const run = await preparePath(proof.path);
      expect(answers(test), test.name).toContainEqual(run(test.document));
    }
  });

  it("refuses every invalid path with a sentence and a position inside it", async () => {
    for (const test of invalid) {
      const proof = await provePath(test.selector, "rfc9535");
      if (!("problem" in proof)) throw new Error(`${test.name}: accepted ${test.selector}`);
      expect(proof.problem.message, test.name).toMatch(/\S{3}/);
      expect(proof.problem.message, test.name).not.toMatch(/':\d+\)$/);
      expect(proof.problem.offset, test.name).toBeGreaterThanOrEqual(0);
      expect(proof.problem.offset, test.name).toBeLessThanOrEqual(test.selector.length);
    }
  });
});

describe("plain paths", () => {
  const document = { a: { b: [1, 2, 3], "x y": true, "☺": 1 }, list: [{ id: 1 }, { id: 2 }, {}], n: null };

  it.each([
    ["$", [document]],
    ["$.a.b[1]", [2]],
    ["$.a.b[-1]", [3]],
    ["$.a.b[3]", []],
    ["$.a.b[-4]", []],
    ["$.a['x y']", [true]],
    ['$.a["☺"]', [1]],
    ["$.list[*].id", [1, 2]],
    ["$.a.b[::2]", [1, 3]],
    ["$.a.b[::-1]", [3, 2, 1]],
    ["$.a.b[1:]", [2, 3]],
    ["$.a.b[::0]", []],
    ["$.n", [null]],
    ["$.n.deeper", []],
    ["$.list.length", []],
    ["$.list['0']", []],
    ["$ .a\n.b [ 0 ]", [1]],
  ])("%s selects from the document", (path, expected) => {
    const steps = parsePlainPath(path);
    expect(steps && selectPlain(document, steps)).toEqual(expected);
  });

  it.each([
    "",
    " $",
    "$ ",
    "$.",
    "$..a",
    "$.a.",
    "$[",
    "$[]",
    "$['a",
    "$[01]",
    "$[-0]",
    "$.1a",
    "$.a b",
    "$[0,1]",
    "$[?@.a]",
    "a",
    "$[9007199254740992]",
    "$[1:2:3:4]",
    "$[00:1]",
    "$[1.0]",
    "$[-]",
    "$. a",
    "$['a\\n']",
    "$.\ud800",
  ])("%j is not plain", (path) => expect(parsePlainPath(path)).toBeUndefined());

  it.each([
    "$.constructor",
    "$.__proto__",
    "$.toString",
    "$['hasOwnProperty']",
    "$.a.constructor.name",
    "$.list.length",
  ])("%s reads nothing that the document does not own", (path) =>
    expect(selectPlain(document, parsePlainPath(path) ?? ["missing"])).toEqual([]),
  );

  it("reads a property called __proto__ that the document owns", () => {
    expect(selectPlain(JSON.parse('{"__proto__":{"x":1}}'), parsePlainPath("$.__proto__.x") ?? [])).toEqual([
      1,
    ]);
  });

  it("is singular only by names and indexes", () => {
    const singular = (text: string) => isSingular({ kind: "plain", text, steps: parsePlainPath(text) ?? [] });
    expect(["$", "$.a[0]['b']"].map(singular)).toEqual([true, true]);
    expect(["$[*]", "$.a[0:1]", "$.*"].map(singular)).toEqual([false, false, false]);
    expect(isSingular({ kind: "rfc9535", text: "$..a" })).toBe(false);
  });

  it("agrees with the engine on any value and any mix of steps", async () => {
    const { JSONPathEnvironment } = await import("json-p3");
    const environment = new JSONPathEnvironment();
    const index = fc.integer({ min: -4, max: 4 });
    const part = fc.option(fc.integer({ min: -4, max: 4 }), { nil: "" });
    const segment = fc.oneof(
      fc.constantFrom(".a", ".b", "['a']", '["b"]', "[*]", ".*"),
      index.map((value) => `[${value}]`),
      fc.tuple(part, part, part).map((values) => `[${values.join(":")}]`),
    );
    const value = fc.letrec((tie) => ({
      node: fc.oneof({ maxDepth: 4 }, fc.integer(), fc.constant(null), tie("list"), tie("object")),
      list: fc.array(tie("node"), { maxLength: 4 }),
      object: fc.record({ a: tie("node"), b: tie("node") }, { requiredKeys: [] }),
    })).node;
    fc.assert(
      fc.property(value, fc.array(segment, { maxLength: 4 }), (root, segments) => {
        const path = `$${segments.join("")}`;
        const steps = parsePlainPath(path);
        expect(steps, path).toBeDefined();
        expect(selectPlain(root, steps ?? []), path).toEqual(environment.query(path, root as never).values());
      }),
      { numRuns: 500 },
    );
  });
});

describe("paths for the engines", () => {
  async function proved(text: string, mode: "rfc9535" | "plus" = "rfc9535") {
    const proof = await provePath(text, mode);
    if ("problem" in proof) throw new Error(proof.problem.message);
    return { kind: proof.path.kind, run: await preparePath(proof.path) };
  }

  it.each([
    ["", 0, "a JSONPath begins with $"],
    ["token", 0, "a JSONPath begins with $"],
    ["$.a b", 4, "expected '.', '..' or a bracketed selection, found 'b'"],
    ["$.data[", 7, "unclosed bracketed selection"],
    ["$.token.", 8, "the path ends too early"],
    ["$[?foo(@)]", 3, "no such function 'foo'"],
  ])("%j is refused at %d: %s", async (text, offset, message) => {
    expect(await provePath(text, "rfc9535")).toEqual({ problem: { message, offset } });
  });

  it("runs match() and search() in linear time", async () => {
    const { run } = await proved("$[?match(@, '(a+)+b')]");
    expect(run([`${"a".repeat(50_000)}c`, "aab"])).toEqual(["aab"]);
  });

  it("selects nothing by a pattern that is no I-Regexp", async () => {
    for (const pattern of ["(?=a)", "a**", "\\\\d", "[a", "a)", "(?i)a", "a{2", "\\\\p{Cs}", "[]"]) {
      const { run } = await proved(`$[?search(@, '${pattern}')]`);
      expect(run(["a", "d", "2"]), pattern).toEqual([]);
    }
  });

  it("reads nothing by filter that the document does not own", async () => {
    for (const text of ["$[?@.constructor]", "$[?@.__proto__]", "$..toString", "$[?@['hasOwnProperty']]"]) {
      expect((await proved(text)).run([{}, []]), text).toEqual([]);
    }
  });

  it.each([
    ["a descent under a descent", "$..*..*..*..*..*", nested(60)],
    ["a query in a filter", "$[?count($[*]) > 0]", Array(5_000).fill(0)],
    ["a filter in a filter", "$[?$[?@ == 1]]", Array(5_000).fill(0)],
    [
      "an object's children in a filter",
      "$[?count($.*) < 0]",
      Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [n, n])),
    ],
  ])("stops at a bound: %s", async (_, text, value) => {
    const { run } = await proved(text);
    expect(() => run(value)).toThrow(/the path (looks at|selects) more than/);
    // The bound is one run's, not the path's.
    expect(run([])).toEqual([]);
  });

  it("gives 100,000 results and refuses more", async () => {
    const { run } = await proved("$..[?@ == 1]");
    expect(run(Array(100_000).fill(1)).length).toBe(100_000);
    expect(() => run(Array(100_001).fill(1))).toThrow("more than 100000 values");
  });

  it("says so when the value is nested too deep", async () => {
    const { run } = await proved("$..a");
    expect(() => run(nested(3_000))).toThrow(/nested too deep/);
  });

  describe("jsonpath: plus", () => {
    it.each([
      ["$.a.b^", [{ b: 1 }]],
      ["$.a~", ["a"]],
      ["$.a.*~", ["b"]],
      ["a.b", [1]],
      ["$..*@string()", ["text"]],
    ])("%s runs on jsonpath-plus", async (text, expected) => {
      const { kind, run } = await proved(text, "plus");
      expect(kind).toBe("plus");
      expect(run({ a: { b: 1 }, c: "text" })).toEqual(expected);
    });

    it("keeps the RFC's meaning for what the RFC accepts", async () => {
      expect((await proved("$.a", "plus")).kind).toBe("plain");
      expect((await proved("$[?@.a]", "plus")).kind).toBe("rfc9535");
    });

    it.each([
      "$[(@.length-1)]^",
      "$[?(@.a.constructor.constructor('return process')())]^",
      "$..[?(@root.x=1)]~",
      "$[?(@['__lookupGetter__']('x'))]^",
      "$.a.",
      "$.a[",
      "$['a",
      "$.a]^",
      "",
      "^",
    ])("refuses %j", async (text) => {
      expect(await provePath(text, "plus")).toHaveProperty("problem.message");
    });

    it("never runs code, even on a path that nobody proved", async () => {
      const text = "$[?(globalThis.pwned = 1)]^";
      await expect(preparePath({ kind: "plus", text })).rejects.toThrow();
      expect(Object.hasOwn(globalThis, "pwned")).toBe(false);
    });
  });
});

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = { a: value };
  return value;
}
