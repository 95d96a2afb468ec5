/** Writes the core with what a cut has settled: constants in place of their names, conditions decided, branches that none reaches gone. */
import type { ts as typescript } from "ts-morph";
import { isMember } from "./member.ts";
import { isPure } from "./purity.ts";

type Ts = typeof typescript;
type Node = typescript.Node;

/** Members of the core's own objects, which are read by their names alone and never as a whole. */
const ownMembers: ReadonlySet<string> = new Set(
  "own rules ahead random time obtainedAt tokens open signer fullAt".split(" "),
);

/** One turn; what it settles may settle more in the next. */
export function folded(text: string, ts: Ts): string {
  const source = ts.createSourceFile("core.js", text, ts.ScriptTarget.ES2022, true);
  const { SyntaxKind } = ts;
  /** Functions of the scope that only ever give the same, and what that is; "" for those that no call reaches. */
  const given = new Map<string, string>();
  let settled: ReadonlyMap<string, string> = new Map();
  const read = new Set<string>();
  noteReads(source);
  for (const statement of source.statements) noteFunction(statement);
  let out = "";
  let at = 0;
  for (const statement of source.statements) {
    settled = settledIn(statement);
    out += text.slice(at, statement.getStart(source)) + written(statement);
    at = statement.end;
  }
  return out + text.slice(at);

  function noteFunction(statement: Node): void {
    if (ts.isFunctionDeclaration(statement) && statement.name && statement.body) {
      const [only, ...others] = statement.body.statements;
      if (statement.name.text === "absent") given.set("absent", "");
      else if (others.length > 0 || statement.asteriskToken || statement.modifiers) return;
      else if (!only) given.set(statement.name.text, "void 0");
      else if (ts.isReturnStatement(only)) noteResult(statement.name.text, only.expression);
    }
    if (!ts.isVariableStatement(statement)) return;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (!ts.isIdentifier(name) || !initializer) continue;
      if (ts.isIdentifier(initializer) && initializer.text === "absent") given.set(name.text, "");
      if (!ts.isArrowFunction(initializer) || initializer.modifiers) continue;
      if (!ts.isBlock(initializer.body)) noteResult(name.text, initializer.body);
      else if (initializer.body.statements.length === 0) given.set(name.text, "void 0");
    }
  }

  function noteResult(name: string, result: Node | undefined): void {
    const value = result ? constantOf(result) : "void 0";
    if (value !== undefined) given.set(name, value);
  }

  /** Names of constants that the statement declares once and never sets again. */
  function settledIn(statement: Node): ReadonlyMap<string, string> {
    const declared = new Map<string, number>();
    const set = new Set<string>();
    const candidates: (readonly [string, typescript.Expression | undefined])[] = [];
    const look = (node: Node): void => {
      if ("name" in node && !isMember(node, ts)) for (const name of boundIn(node.name as Node)) declare(name);
      if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && isOfNoLoop(node))
        candidates.push([node.name.text, node.initializer]);
      if (ts.isBinaryExpression(node) && isAssignment(node))
        for (const name of namesIn(node.left)) set.add(name);
      if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node))
        if (node.operator === SyntaxKind.PlusPlusToken || node.operator === SyntaxKind.MinusMinusToken)
          for (const name of namesIn(node.operand)) set.add(name);
      ts.forEachChild(node, look);
    };
    const declare = (name: string): void => {
      declared.set(name, (declared.get(name) ?? 0) + 1);
    };
    look(statement);
    const isFixed = (name: string): boolean => declared.get(name) === 1 && !set.has(name);
    const values = new Map<string, string>();
    settled = values;
    for (const [name, value] of candidates) {
      if (!isFixed(name) || (ts.isVariableStatement(statement) && declaresItself(statement, name))) continue;
      const isAlias = value && ts.isIdentifier(value) && isFixed(value.text);
      const isNumber = value && ts.isNumericLiteral(value);
      const written = isAlias
        ? (values.get(value.text) ?? value.text)
        : isNumber
          ? value.text
          : value
            ? constantOf(value)
            : "void 0";
      if (written !== undefined) values.set(name, written);
    }
    return values;
  }

  function declaresItself(statement: typescript.VariableStatement, own: string): boolean {
    return statement.declarationList.declarations.some(({ name }) => boundIn(name).includes(own));
  }

  function isOfNoLoop(node: typescript.VariableDeclaration): boolean {
    return ts.isVariableStatement(node.parent.parent);
  }

  function isAssignment({ operatorToken: { kind } }: typescript.BinaryExpression): boolean {
    return kind >= SyntaxKind.FirstAssignment && kind <= SyntaxKind.LastAssignment;
  }

  function boundIn(name: Node | undefined): string[] {
    if (!name) return [];
    return ts.isIdentifier(name) ? [name.text] : [];
  }

  function namesIn(node: Node): string[] {
    if (ts.isIdentifier(node)) return [node.text];
    const names: string[] = [];
    ts.forEachChild(node, (child) => {
      names.push(...namesIn(child));
    });
    return names;
  }

  /** `true`, `false` or `void 0`, where nothing but reading is needed to know it. */
  function constantOf(node: Node): string | undefined {
    if (node.kind === SyntaxKind.TrueKeyword) return "true";
    if (node.kind === SyntaxKind.FalseKeyword) return "false";
    if (ts.isVoidExpression(node) && ts.isNumericLiteral(node.expression)) return "void 0";
    if (ts.isIdentifier(node)) {
      const value = settled.get(node.text);
      if (value === undefined || !isLiteral(value)) return undefined;
      return value;
    }
    if (ts.isParenthesizedExpression(node)) return constantOf(node.expression);
    if (ts.isPrefixUnaryExpression(node) && node.operator === SyntaxKind.ExclamationToken) {
      const value = constantOf(node.operand);
      return value && (value === "true" ? "false" : "true");
    }
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const value = given.get(node.expression.text);
      return value && node.arguments.every((argument) => isPure(argument, ts)) ? value : undefined;
    }
    if (ts.isConditionalExpression(node)) {
      const condition = constantOf(node.condition);
      return condition && constantOf(condition === "true" ? node.whenTrue : node.whenFalse);
    }
    return ts.isBinaryExpression(node) ? constantOfBoth(node) : undefined;
  }

  function constantOfBoth(node: typescript.BinaryExpression): string | undefined {
    const { kind } = node.operatorToken;
    const [left, right] = [constantOf(node.left), constantOf(node.right)];
    const isLeftPure = left !== undefined || isPure(node.left, ts);
    if (kind === SyntaxKind.AmpersandAmpersandToken) {
      if (left !== undefined) return left === "true" ? right : left;
      return right === "false" && isLeftPure && isBoolean(node.left) ? "false" : undefined;
    }
    if (kind === SyntaxKind.BarBarToken) {
      if (left !== undefined) return left === "true" ? left : right;
      return right === "true" && isLeftPure && isBoolean(node.left) ? "true" : undefined;
    }
    if (kind === SyntaxKind.QuestionQuestionToken) return left === "void 0" ? right : left;
    if (left === undefined || right === undefined) return undefined;
    if (kind === SyntaxKind.EqualsEqualsEqualsToken) return String(left === right);
    if (kind === SyntaxKind.ExclamationEqualsEqualsToken) return String(left !== right);
    return undefined;
  }

  function isLiteral(value: string): boolean {
    return value === "true" || value === "false" || value === "void 0";
  }

  /** Is true or false, whatever it reads. */
  function isBoolean(node: Node): boolean {
    if (constantOf(node) === "true" || constantOf(node) === "false") return true;
    if (ts.isParenthesizedExpression(node)) return isBoolean(node.expression);
    if (ts.isPrefixUnaryExpression(node)) return node.operator === SyntaxKind.ExclamationToken;
    if (!ts.isBinaryExpression(node)) return false;
    const { kind } = node.operatorToken;
    if (kind === SyntaxKind.AmpersandAmpersandToken || kind === SyntaxKind.BarBarToken)
      return isBoolean(node.left) && isBoolean(node.right);
    return /^(?:[<>]=?|[!=]==|in|instanceof)$/.test(node.operatorToken.getText(source));
  }

  /** Only whether it holds counts. */
  function isAsked(node: Node): boolean {
    const { parent } = node;
    if (ts.isParenthesizedExpression(parent)) return isAsked(parent);
    if (ts.isIfStatement(parent)) return parent.expression === node;
    if (ts.isConditionalExpression(parent)) return parent.condition === node || isAsked(parent);
    if (ts.isPrefixUnaryExpression(parent)) return parent.operator === SyntaxKind.ExclamationToken;
    if (!ts.isBinaryExpression(parent)) return false;
    const { kind } = parent.operatorToken;
    const joins = kind === SyntaxKind.AmpersandAmpersandToken || kind === SyntaxKind.BarBarToken;
    return joins && isAsked(parent);
  }

  /** Ends in a call that no call of a client reaches. */
  function isUnreached(node: Node | undefined): boolean {
    if (!node) return false;
    if (ts.isBlock(node)) return isUnreached(node.statements[0]);
    if (ts.isReturnStatement(node) || ts.isExpressionStatement(node)) return isUnreached(node.expression);
    return (
      ts.isCallExpression(node) && ts.isIdentifier(node.expression) && given.get(node.expression.text) === ""
    );
  }

  function written(node: Node): string {
    return special(node) ?? plainly(node);
  }

  function plainly(node: Node): string {
    let whole = "";
    let from = node.getStart(source);
    ts.forEachChild(node, (child) => {
      const piece = written(child);
      const before = text.slice(from, child.getStart(source));
      // What goes takes the line with it.
      whole += piece === "" && ts.isStatement(child) ? before.replace(/\s+$/, "") : before + piece;
      from = child.end;
    });
    return whole + text.slice(from, node.end);
  }

  function special(node: Node): string | undefined {
    if (ts.isIdentifier(node)) return inPlaceOf(node);
    if (ts.isShorthandPropertyAssignment(node)) {
      const value = settled.get(node.name.text);
      return value && `${node.name.text}: ${value}`;
    }
    if (ts.isExpression(node) && !ts.isVoidExpression(node) && !isTarget(node)) {
      const value = constantOf(node);
      if (value !== undefined) return value;
    }
    if (ts.isIfStatement(node)) return decided(node);
    if (ts.isConditionalExpression(node)) return inBody(node, chosen(node));
    if (ts.isBinaryExpression(node)) return inBody(node, joined(node));
    if (ts.isParenthesizedExpression(node)) {
      const inner = written(node.expression);
      return inner !== node.expression.getText(source) && /^(?:[\w$.]+|"[^"\\]*")$/.test(inner)
        ? inner
        : undefined;
    }
    if (ts.isObjectLiteralExpression(node)) return withoutEmpty(node, node.properties, "{", "}");
    if (ts.isArrayLiteralExpression(node)) return withoutEmpty(node, node.elements, "[", "]");
    if (ts.isBlock(node) && node.statements.length === 0 && isInList(node)) return "";
    if (ts.isExpressionStatement(node) && isInList(node) && isIdle(node.expression)) return "";
    return undefined;
  }

  /** An object that an arrow function gives stands in parentheses. */
  function inBody(node: Node, instead: string | undefined): string | undefined {
    const isBody = ts.isArrowFunction(node.parent) && node.parent.body === node;
    return isBody && instead?.startsWith("{") ? `(${instead})` : instead;
  }

  /** Written to, or declared. */
  function isTarget(node: Node): boolean {
    const { parent } = node;
    return (
      (ts.isBinaryExpression(parent) && isAssignment(parent) && parent.left === node) ||
      ("name" in parent && parent.name === node) ||
      (ts.isBindingElement(parent) && parent.propertyName === node)
    );
  }

  function inPlaceOf(node: typescript.Identifier): string | undefined {
    return isTarget(node) ? undefined : settled.get(node.text);
  }

  /** `x = x`, and what only reads. */
  function isIdle(node: Node): boolean {
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === SyntaxKind.EqualsToken)
      return ts.isIdentifier(node.left) && node.left.getText(source) === node.right.getText(source);
    return ts.isIdentifier(node) || constantOf(node) !== undefined;
  }

  function isInList({ parent }: Node): boolean {
    return ts.isBlock(parent) || ts.isSourceFile(parent);
  }

  function decided(node: typescript.IfStatement): string | undefined {
    const value = constantOf(node.expression);
    const { thenStatement, elseStatement } = node;
    const nothing = isInList(node) ? "" : "{}";
    if (value === "true") return written(thenStatement) || nothing;
    if (value !== undefined) return elseStatement ? written(elseStatement) || nothing : nothing;
    if (elseStatement && ts.isBlock(elseStatement) && elseStatement.statements.length === 0)
      return `if (${written(node.expression)}) ${written(thenStatement)}`;
    if (!isPure(node.expression, ts)) return undefined;
    if (isUnreached(thenStatement)) return elseStatement ? written(elseStatement) || nothing : nothing;
    if (elseStatement && isUnreached(elseStatement))
      return `if (${written(node.expression)}) ${written(thenStatement)}`;
    return undefined;
  }

  function chosen(node: typescript.ConditionalExpression): string | undefined {
    const value = constantOf(node.condition);
    if (value !== undefined) return written(value === "true" ? node.whenTrue : node.whenFalse);
    if (!isPure(node.condition, ts)) return undefined;
    if (isUnreached(node.whenTrue)) return written(node.whenFalse);
    return isUnreached(node.whenFalse) ? written(node.whenTrue) : undefined;
  }

  function joined(node: typescript.BinaryExpression): string | undefined {
    const { kind } = node.operatorToken;
    const [left, right] = [constantOf(node.left), constantOf(node.right)];
    if (kind === SyntaxKind.AmpersandAmpersandToken) {
      if (left === "true") return written(node.right);
      if (right === "true" && (isBoolean(node.left) || isAsked(node))) return written(node.left);
    }
    if (kind === SyntaxKind.BarBarToken) {
      if (left !== undefined) return written(node.right);
      if (right === "false" && (isBoolean(node.left) || isAsked(node))) return written(node.left);
    }
    if (kind === SyntaxKind.QuestionQuestionToken) {
      if (left === "void 0") return written(node.right);
      if (right === "void 0" && isAsked(node)) return written(node.left);
    }
    return undefined;
  }

  /** `….map(…)` and its like, which need no copy. */
  function isNewList(node: Node): boolean {
    return (
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      /^(?:map|flatMap|filter)$/.test(node.expression.name.text)
    );
  }

  /** A member that is the core's own and that nothing of this client reads. */
  function isUnread(member: Node): boolean {
    if (ts.isShorthandPropertyAssignment(member))
      return ownMembers.has(member.name.text) && !read.has(member.name.text);
    if (!ts.isPropertyAssignment(member) || !ts.isIdentifier(member.name)) return false;
    const { text: name } = member.name;
    return ownMembers.has(name) && !read.has(name) && isPure(member.initializer, ts);
  }

  function noteReads(node: Node): void {
    if (ts.isPropertyAccessExpression(node)) read.add(node.name.text);
    if (ts.isBindingElement(node)) read.add((node.propertyName ?? node.name).getText(source));
    ts.forEachChild(node, noteReads);
  }

  /** `...{}` and `...[]` go. */
  function withoutEmpty(
    node: Node,
    members: readonly Node[],
    opening: string,
    closing: string,
  ): string | undefined {
    const isEmpty = (member: Node): boolean =>
      ts.isSpreadAssignment(member) || ts.isSpreadElement(member)
        ? /^(?:\{\s*\}|\[\s*\])$/.test(written(member.expression))
        : isUnread(member);
    const left = members.filter((member) => !isEmpty(member));
    const [only] = left;
    if (left.length === 1 && only && ts.isSpreadElement(only) && isNewList(only.expression))
      return written(only.expression);
    if (left.length === members.length) return undefined;
    const kept = left.map(written);
    if (kept.length === 0) return `${opening}${closing}`;
    const indent = /\n *(?=\S+$)/.exec(node.getText(source))?.[0];
    if (indent !== undefined) return `${opening}${indent}  ${kept.join(`,${indent}  `)}${indent}${closing}`;
    return `${opening} ${kept.join(", ")} ${closing}`;
  }
}
