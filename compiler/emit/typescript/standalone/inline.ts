/** Puts what is short, or used once, in the place where it is used: constants, and functions that only give an expression. */
import type { ts as typescript } from "ts-morph";
import { isPure } from "./purity.ts";

type Ts = typeof typescript;
type Node = typescript.Node;

interface Short {
  readonly parameters: readonly string[];
  readonly body: typescript.Expression;
  /** Names that the body binds itself. */
  readonly bound: ReadonlySet<string>;
}

/** So short that a call is no shorter. */
const shortBody = 28;

/** One turn. */
export function inlined(text: string, ts: Ts): string {
  const source = ts.createSourceFile("core.js", text, ts.ScriptTarget.ES2022, true);
  const uses = new Map<string, number>();
  countUses(source);
  const changing = new Set<string>();
  noteChanging(source);
  const constants = new Map<string, string>();
  const functions = new Map<string, Short>();
  for (const statement of source.statements) note(statement);
  let out = "";
  let at = 0;
  for (const statement of source.statements) {
    out += text.slice(at, statement.getStart(source)) + written(statement);
    at = statement.end;
  }
  return out + text.slice(at);

  function countUses(node: Node): void {
    if (ts.isIdentifier(node) && !isName(node)) uses.set(node.text, (uses.get(node.text) ?? 0) + 1);
    ts.forEachChild(node, countUses);
  }

  function isName(node: typescript.Identifier): boolean {
    const { parent } = node;
    if (ts.isShorthandPropertyAssignment(parent)) return false;
    if (ts.isBindingElement(parent)) return parent.name === node || parent.propertyName === node;
    return "name" in parent && parent.name === node;
  }

  function note(statement: Node): void {
    if (ts.isFunctionDeclaration(statement) && statement.name && statement.body) {
      const [only, ...others] = statement.body.statements;
      if (only && others.length === 0 && ts.isReturnStatement(only) && only.expression)
        noteFunction(statement.name.text, statement, only.expression);
    }
    if (!ts.isVariableStatement(statement)) return;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (!ts.isIdentifier(name) || !initializer) continue;
      const isOnce = uses.get(name.text) === 1;
      if (ts.isNumericLiteral(initializer) || (isOnce && ts.isStringLiteral(initializer)))
        constants.set(name.text, initializer.getText(source));
      if (ts.isArrowFunction(initializer) && !ts.isBlock(initializer.body))
        noteFunction(name.text, initializer, initializer.body);
    }
  }

  function noteFunction(
    name: string,
    { parameters, modifiers, ...rest }: typescript.FunctionDeclaration | typescript.ArrowFunction,
    body: typescript.Expression,
  ): void {
    if (modifiers || rest.asteriskToken || namesIn(body).includes(name)) return;
    const names = parameters.flatMap((parameter) =>
      ts.isIdentifier(parameter.name) && !parameter.initializer && !parameter.dotDotDotToken
        ? [parameter.name.text]
        : [],
    );
    if (names.length < parameters.length) return;
    if ((uses.get(name) ?? 0) > 1 && body.getText(source).length > shortBody) return;
    functions.set(name, { parameters: names, body, bound: new Set(boundIn(body)) });
  }

  function written(node: Node): string {
    if (ts.isIdentifier(node) && !isName(node) && !ts.isShorthandPropertyAssignment(node.parent)) {
      const value = constants.get(node.text);
      if (value !== undefined) return value;
    }
    if (ts.isShorthandPropertyAssignment(node)) {
      const value = constants.get(node.name.text);
      if (value !== undefined) return `${node.name.text}: ${value}`;
    }
    return (ts.isCallExpression(node) ? bodyFor(node) : undefined) ?? plainly(node, written);
  }

  function plainly(node: Node, inner: (node: Node) => string): string {
    let whole = "";
    let from = node.getStart(source);
    ts.forEachChild(node, (child) => {
      whole += text.slice(from, child.getStart(source)) + inner(child);
      from = child.end;
    });
    return whole + text.slice(from, node.end);
  }

  /** The function's expression with what the call gives it. */
  function bodyFor(call: typescript.CallExpression): string | undefined {
    const { expression, arguments: given } = call;
    const short = ts.isIdentifier(expression) ? functions.get(expression.text) : undefined;
    if (!short || given.length < short.parameters.length) return undefined;
    const counts = short.parameters.map((name) => namesIn(short.body).filter((one) => one === name).length);
    const isFit = given.every((value, at) => {
      if (!isPure(value, ts) || namesIn(value).some((name) => short.bound.has(name))) return false;
      if (!isLasting(value) && !isReadAtOnce(short.parameters[at] ?? "", short.body)) return false;
      return (counts[at] ?? 0) <= 1 || ts.isIdentifier(value) || ts.isLiteralExpression(value);
    });
    if (!isFit) return undefined;
    const values = new Map(
      short.parameters.map(
        (name, at) => [name, wrapped(given[at] as Node, written(given[at] as Node))] as const,
      ),
    );
    const within = (node: Node): string => {
      if (ts.isIdentifier(node) && !isName(node)) return values.get(node.text) ?? written(node);
      if (ts.isShorthandPropertyAssignment(node)) {
        const value = values.get(node.name.text);
        if (value !== undefined) return `${node.name.text}: ${value}`;
      }
      return plainly(node, within);
    };
    return wrapped(short.body, within(short.body));
  }

  /** Is the same whenever it is read. */
  function isLasting(node: Node): boolean {
    return ts.isLiteralExpression(node) || (ts.isIdentifier(node) && !changing.has(node.text));
  }

  /** Before anything is called, and not in a function that runs later. */
  function isReadAtOnce(name: string, body: Node): boolean {
    let hasCalled = false;
    let isAtOnce = true;
    const look = (node: Node, isLater: boolean): void => {
      if (ts.isIdentifier(node) && node.text === name && (isLater || hasCalled)) isAtOnce = false;
      ts.forEachChild(node, (child) => look(child, isLater || ts.isFunctionLike(node)));
      if (ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isAwaitExpression(node))
        hasCalled = true;
    };
    look(body, false);
    return isAtOnce;
  }

  /** Names that something is assigned to. */
  function noteChanging(node: Node): void {
    if (ts.isBinaryExpression(node)) {
      const { kind } = node.operatorToken;
      if (kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment)
        for (const name of namesIn(node.left)) changing.add(name);
    }
    if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node))
      for (const name of namesIn(node.operand)) changing.add(name);
    ts.forEachChild(node, noteChanging);
  }

  function wrapped(node: Node, piece: string): string {
    const isWhole =
      ts.isIdentifier(node) ||
      ts.isLiteralExpression(node) ||
      ts.isPropertyAccessExpression(node) ||
      ts.isElementAccessExpression(node) ||
      (ts.isCallExpression(node) && !node.questionDotToken);
    return isWhole && !piece.includes("?.") ? piece : `(${piece})`;
  }

  function namesIn(node: Node): string[] {
    if (ts.isIdentifier(node)) return isName(node) ? [] : [node.text];
    const names: string[] = [];
    ts.forEachChild(node, (child) => {
      names.push(...namesIn(child));
    });
    return names;
  }

  function boundIn(node: Node): string[] {
    const names: string[] = [];
    ts.forEachChild(node, (child) => {
      if (
        ts.isIdentifier(child) &&
        (ts.isParameter(node) || ts.isBindingElement(node)) &&
        node.name === child
      )
        names.push(child.text);
      names.push(...boundIn(child));
    });
    return names;
  }
}
