/** Takes parameters out of the core's functions that none of them reads, or that every call gives the same. */
import type { ts as typescript } from "ts-morph";
import { isMember } from "./member.ts";
import { isPure } from "./purity.ts";

type Ts = typeof typescript;
type Node = typescript.Node;

interface Called {
  readonly declaration: typescript.FunctionDeclaration | typescript.ArrowFunction;
  readonly calls: typescript.CallExpression[];
}

/** One turn. A parameter that every call gives the same becomes a constant of its function. */
export function withShortSignatures(text: string, ts: Ts): string {
  const source = ts.createSourceFile("core.js", text, ts.ScriptTarget.ES2022, true);
  const functions = new Map<string, Called>();
  const declared = new Map<string, number>();
  noteFunctions(source);
  for (const [name, count] of declared) if (count > 1) functions.delete(name);
  noteUses(source);
  const edits: [from: number, to: number, instead: string][] = [];
  for (const called of functions.values()) shorten(called);
  edits.sort(([a], [b]) => b - a);
  let out = text;
  let before = text.length;
  for (const [from, to, instead] of edits) {
    // What stands within another that went waits for the next turn.
    if (to > before) continue;
    out = out.slice(0, from) + instead + out.slice(to);
    before = from;
  }
  return out;

  /** Of any scope, where the name is declared nowhere else. */
  function noteFunctions(node: Node): void {
    if ("name" in node && node.name && ts.isIdentifier(node.name as Node) && !isMember(node, ts)) {
      const name = (node.name as typescript.Identifier).text;
      declared.set(name, (declared.get(name) ?? 0) + 1);
      const own = ts.isVariableDeclaration(node) ? node.initializer : node;
      if (own && (ts.isFunctionDeclaration(own) || ts.isArrowFunction(own)))
        functions.set(name, { declaration: own, calls: [] });
    }
    ts.forEachChild(node, noteFunctions);
  }

  function noteUses(node: Node): void {
    if (ts.isIdentifier(node)) {
      const called = functions.get(node.text);
      if (!called || isName(node)) return;
      const { parent } = node;
      if (
        ts.isCallExpression(parent) &&
        parent.expression === node &&
        !parent.arguments.some(ts.isSpreadElement)
      )
        called.calls.push(parent);
      else functions.delete(node.text);
    } else ts.forEachChild(node, noteUses);
  }

  function isName(node: typescript.Identifier): boolean {
    const { parent } = node;
    if (ts.isShorthandPropertyAssignment(parent)) return false;
    if (ts.isBindingElement(parent)) return parent.name === node || parent.propertyName === node;
    return "name" in parent && parent.name === node;
  }

  function shorten({ declaration, calls }: Called): void {
    const { parameters, body } = declaration;
    if (!body || calls.length === 0) return;
    for (const [at, parameter] of parameters.entries()) {
      if (
        parameter.dotDotDotToken ||
        edits.some(([from]) => from >= declaration.pos && from < declaration.end)
      )
        return;
      const given = calls.map((call) => call.arguments[at]);
      const same = sameIn(given, parameter);
      const isSpare = isUnread(parameter, declaration, at, calls);
      if (!isSpare && (same === undefined || !ts.isBlock(body))) continue;
      if (!given.every((value) => !value || isPure(value, ts))) continue;
      if (calls.some((call) => edits.some(([from, to]) => from < call.end && to > call.pos))) continue;
      if (!isSpare)
        edits.push([
          body.getStart(source) + 1,
          body.getStart(source) + 1,
          `\n  const ${parameter.name.getText(source)} = ${same};`,
        ]);
      remove(parameters, at);
      for (const call of calls) if (call.arguments[at]) remove(call.arguments, at);
      return;
    }
  }

  /** The constant that each call gives. */
  function sameIn(
    given: readonly (Node | undefined)[],
    { name, initializer }: typescript.ParameterDeclaration,
  ): string | undefined {
    if (!ts.isIdentifier(name) || initializer) return undefined;
    const [first, ...others] = given.map((value) => value?.getText(source) ?? "void 0");
    if (first === undefined || !/^(?:true|false|void 0)$/.test(first)) return undefined;
    return others.every((other) => other === first) ? first : undefined;
  }

  /** What only hands it on to itself does not read it. */
  function isUnread(
    { name, initializer }: typescript.ParameterDeclaration,
    declaration: Called["declaration"],
    at: number,
    calls: Called["calls"],
  ): boolean {
    if (initializer && !isPure(initializer, ts)) return false;
    if (!ts.isIdentifier(name)) return name.elements.length === 0;
    let count = 0;
    const look = (node: Node): void => {
      if (ts.isIdentifier(node)) {
        if (node.text === name.text && !isName(node) && !calls.some((call) => call.arguments[at] === node))
          count++;
      } else ts.forEachChild(node, look);
    };
    ts.forEachChild(declaration, look);
    return count === 0;
  }

  function remove(list: readonly Node[], at: number): void {
    const [one, next, last] = [list[at], list[at + 1], list[at - 1]];
    if (!one) return;
    if (next) edits.push([one.getStart(source), next.getStart(source), ""]);
    else edits.push([last ? last.end : one.getStart(source), one.end, ""]);
  }
}
