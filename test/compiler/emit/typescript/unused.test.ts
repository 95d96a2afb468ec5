/** What a cut has left without a reader goes from a statement of the core; what may have an effect stays. */
import { ts } from "ts-morph";
import { expect, it } from "vitest";
import { withoutUnused } from "../../../../compiler/emit/typescript/standalone/unused.ts";

it.each([
  ["a variable that nothing reads", "function f() { const a = 1; return 2; }", "function f() {  return 2; }"],
  [
    "what only it read",
    "function f(b) { const a = b.c; const d = a; return 2; }",
    "function f(b) {   return 2; }",
  ],
  [
    "one of several",
    "function f() { let a = 1, b = 2, c = 3; return a + c; }",
    "function f() { let a = 1, c = 3; return a + c; }",
  ],
  ["a member", "function f({ a, b = [] }) { return a; }", "function f({ a }) { return a; }"],
  ["the last of a list", "function f([a, b]) { return a; }", "function f([ a ]) { return a; }"],
  ["a function", "function f() { const a = () => g(); return 2; }", "function f() {  return 2; }"],
])("%s goes", (_, statement, left) => {
  expect(withoutUnused(statement, ts)).toBe(left);
});

it.each([
  ["a call", "function f() { const a = g(); return 2; }"],
  ["an assignment", "function f() { let b; const a = b = 1; return b; }"],
  ["an assignment to what nothing reads", "function f() { let a; a = g(); }"],
  ["a member beside the rest", "function f({ a, ...rest }) { return rest; }"],
  ["the first of a list", "function f([a, b]) { return b; }"],
  ["a name that an object is made with", "function f() { const a = 1; return { a }; }"],
  ["what the statement declares", "const a = 1;"],
])("%s stays", (_, statement) => {
  expect(withoutUnused(statement, ts)).toBe(statement);
});
