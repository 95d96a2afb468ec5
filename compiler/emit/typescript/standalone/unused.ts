/** Takes out what a cut has left without a reader: bundlers leave it in, since they know less of what reading has for effects. */
import type { ts as typescript } from "ts-morph";

type Ts = typeof typescript;
type Node = typescript.Node;

/** A stretch of the text, and what stands in its place. */
type Edit = readonly [from: number, to: number, text: string];

/**
 * One statement of the core without the variables, and the members of destructured values, whose names occur nowhere else in it.
 * What the statement itself declares stays; an initialiser that may have an effect stays with its variable.
 */
export function withoutUnused(statement: string, ts: Ts): string {
  for (let text = statement; ; ) {
    const source = ts.createSourceFile("core.js", text, ts.ScriptTarget.ES2022, true);
    const edits = editsOf(source, ts);
    if (edits.length === 0) return text;
    for (const [from, to, instead] of edits.reverse()) text = text.slice(0, from) + instead + text.slice(to);
  }
}

/** In order, none within another. */
function editsOf(source: typescript.SourceFile, ts: Ts): Edit[] {
  const uses = new Set<string>();
  readNames(source);
  const edits: Edit[] = [];
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) look(statement);
    else
      for (const { initializer } of statement.declarationList.declarations)
        if (initializer) look(initializer);
  }
  return edits;

  function readNames(node: Node): void {
    if (ts.isIdentifier(node)) {
      if (!isName(node)) uses.add(node.text);
    } else ts.forEachChild(node, readNames);
  }

  /** Declared here, or the name of a member. */
  function isName(node: typescript.Identifier): boolean {
    const { parent } = node;
    if (ts.isShorthandPropertyAssignment(parent)) return false;
    if (ts.isBindingElement(parent)) return parent.name === node || parent.propertyName === node;
    return "name" in parent && parent.name === node;
  }

  function look(node: Node): void {
    if (ts.isVariableStatement(node) && shorten(node, node.declarationList.declarations, isSpare, "", ""))
      return;
    if (ts.isObjectBindingPattern(node) && !node.elements.some(({ dotDotDotToken }) => dotDotDotToken))
      if (shorten(node, node.elements, isSpareElement, "{", "}")) return;
    if (ts.isArrayBindingPattern(node)) {
      const last = node.elements.at(-1);
      if (last && ts.isBindingElement(last) && !last.dotDotDotToken && isSpareElement(last)) {
        shorten(node, node.elements, (element) => element === last, "[", "]");
        return;
      }
    }
    ts.forEachChild(node, look);
  }

  /** Rewrites a list that holds spare members; true where it does. */
  function shorten<Member extends Node>(
    whole: Node,
    members: readonly Member[],
    isSpareMember: (member: Member) => boolean,
    opening: string,
    closing: string,
  ): boolean {
    const kept = members.filter((member) => !isSpareMember(member));
    if (kept.length === members.length) return false;
    const list = kept.map((member) => member.getText(source)).join(", ");
    if (opening !== "") edits.push([whole.getStart(source), whole.end, `${opening} ${list} ${closing}`]);
    else if (kept.length === 0) edits.push([whole.getStart(source), whole.end, ""]);
    else edits.push([members[0]?.getStart(source) ?? 0, members.at(-1)?.end ?? 0, list]);
    return true;
  }

  function isSpareElement({ name, initializer }: typescript.BindingElement): boolean {
    return ts.isIdentifier(name) && !uses.has(name.text) && (!initializer || isPure(initializer));
  }

  function isSpare({ name, initializer }: typescript.VariableDeclaration): boolean {
    const isUnread = ts.isIdentifier(name) ? !uses.has(name.text) : name.elements.length === 0;
    return isUnread && (!initializer || isPure(initializer));
  }

  /** Has no effect but its value. */
  function isPure(node: Node): boolean {
    if (ts.isIdentifier(node) || ts.isLiteralExpression(node)) return true;
    if (ts.isArrowFunction(node)) return true;
    if (ts.isPropertyAccessExpression(node)) return isPure(node.expression);
    if (ts.isParenthesizedExpression(node)) return isPure(node.expression);
    if (ts.isVoidExpression(node)) return isPure(node.expression);
    if (ts.isPrefixUnaryExpression(node))
      return (
        node.operator !== ts.SyntaxKind.PlusPlusToken &&
        node.operator !== ts.SyntaxKind.MinusMinusToken &&
        isPure(node.operand)
      );
    if (ts.isConditionalExpression(node))
      return isPure(node.condition) && isPure(node.whenTrue) && isPure(node.whenFalse);
    if (ts.isBinaryExpression(node)) {
      const { kind } = node.operatorToken;
      const assigns = kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
      return !assigns && isPure(node.left) && isPure(node.right);
    }
    if (ts.isArrayLiteralExpression(node)) return node.elements.every(isPure);
    if (ts.isObjectLiteralExpression(node))
      return node.properties.every(
        (member) =>
          ts.isPropertyAssignment(member) &&
          !ts.isComputedPropertyName(member.name) &&
          isPure(member.initializer),
      );
    if (ts.isNewExpression(node))
      return /^(?:Map|Set)$/.test(node.expression.getText(source)) && (node.arguments ?? []).every(isPure);
    return [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword].includes(
      node.kind,
    );
  }
}
