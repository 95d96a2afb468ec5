/** What a plan settles is written out: the core does the same with less text. */
import { ts } from "ts-morph";
import { describe, expect, it } from "vitest";
import { simplified } from "../../../../compiler/emit/typescript/standalone/simplify.ts";

const plain = (text: string): string => text.replace(/\s+/g, " ").trim();

/** The function `f`, which is all that a client uses. */
function simple(text: string): string {
  return plain(simplified(text, ["f"], ts));
}

describe("the core of a standalone client", () => {
  it.each([
    [
      "a condition that is decided",
      "function f(a) { if (false || a) { g(); } else {} if (true) return a; }",
      "function f(a) { if (a) { g(); } return a; }",
    ],
    [
      "a constant under a name",
      "function f(a) { const no = false; return no ? a : [no, { no }]; }",
      "function f(a) { return [false, { no: false }]; }",
    ],
    [
      "another name",
      "function f(a) { const b = a; return [b, { b }]; }",
      "function f(a) { return [a, { b: a }]; }",
    ],
    [
      "a number of the whole core",
      "var most = 3; function f(a) { return a > most; }",
      "function f(a) { return a > 3; }",
    ],
    ["an empty spread", "function f(a) { return { a, ...{} }; }", "function f(a) { return { a }; }"],
    [
      "a parameter that nobody reads, with what was given for it",
      "function g(a, b) { a(); a(); return a; } function f(c) { g(c, c.d); return g(c, 1); }",
      "function g(a) { a(); a(); return a; } function f(c) { g(c); return g(c); }",
    ],
    [
      "a parameter that is always the same",
      "function g(a, b) { a(); return b ? 1 : a; } function f(c) { g(c, false); return g(c, false); }",
      "function g(a) { a(); return a; } function f(c) { g(c); return g(c); }",
    ],
    [
      "a function that is called once",
      "function g(a, b) { return a.map((one) => one + b); } function f(c, d) { return g(c, d); }",
      "function f(c, d) { return c.map((one) => one + d); }",
    ],
    [
      "a branch that no call reaches",
      "function absent() { throw new Error(); } const g = absent; function f(a) { return typeof a === 'string' ? a : g(a); }",
      "function f(a) { return a; }",
    ],
    [
      "a member that is the core's own and unread",
      "function f(a) { return { method: a, own: a }; }",
      "function f(a) { return { method: a }; }",
    ],
  ])("is written without %s", (_, text, left) => {
    expect(simple(text)).toBe(left);
  });

  it.each([
    ["a name that is set again", "function f(a) { let no = false; if (a) no = a; return no; }"],
    ["two names that are alike", "function f(a) { const b = false; return a.map((b) => b); }"],
    ["what may have an effect", "function g(a, b) { a(); return a; } function f(c) { return g(c, c()); }"],
    [
      "a function whose names would take another's place",
      "function g(a, b) { return a.map((one) => one + b); } function f(one) { return g(one.all, one); }",
    ],
    [
      "a value that may be another by the time it is read",
      "function g(a, b) { return a() + b; } function f(c) { return g(c, c.all); }",
    ],
    [
      "a variable that a later function would see changed",
      "function g(a) { return () => a; } function f(c) { let d = 1; const e = g(d); d = c; return e; }",
    ],
    ["a value that only counts as true", "function f(a) { return [a || false, a && true]; }"],
    [
      "a function that is handed on",
      "function g(a, b) { a(); return a; } function f(c) { return [g(c, 1), c.map(g)]; }",
    ],
    ["a member that is read", "function f(a) { return { own: a.own }; }"],
  ])("keeps %s", (_, text) => {
    const written = simple(text);
    expect(written.replace(" const b = false;", "")).toBe(plain(text).replace(" const b = false;", ""));
  });
});
