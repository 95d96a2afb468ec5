import type { ts as typescript } from "ts-morph";

type Ts = typeof typescript;
type Node = typescript.Node;

/** Has no effect but its value. Reading a member counts as none: the core has no getters of its own that do more. */
export function isPure(node: Node, ts: Ts): boolean {
  const isPureToo = (inner: Node): boolean => isPure(inner, ts);
  if (ts.isIdentifier(node) || ts.isLiteralExpression(node)) return true;
  if (ts.isArrowFunction(node)) return true;
  if (ts.isPropertyAccessExpression(node)) return isPureToo(node.expression);
  if (ts.isElementAccessExpression(node))
    return isPureToo(node.expression) && isPureToo(node.argumentExpression);
  if (ts.isParenthesizedExpression(node)) return isPureToo(node.expression);
  if (ts.isVoidExpression(node) || ts.isTypeOfExpression(node)) return isPureToo(node.expression);
  if (ts.isPrefixUnaryExpression(node))
    return (
      node.operator !== ts.SyntaxKind.PlusPlusToken &&
      node.operator !== ts.SyntaxKind.MinusMinusToken &&
      isPureToo(node.operand)
    );
  if (ts.isConditionalExpression(node))
    return [node.condition, node.whenTrue, node.whenFalse].every(isPureToo);
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const assigns = kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
    return !assigns && isPureToo(node.left) && isPureToo(node.right);
  }
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isPureToo);
  if (ts.isObjectLiteralExpression(node))
    return node.properties.every(
      (member) =>
        ts.isShorthandPropertyAssignment(member) ||
        (ts.isPropertyAssignment(member) &&
          !ts.isComputedPropertyName(member.name) &&
          isPureToo(member.initializer)),
    );
  if (ts.isNewExpression(node))
    return /^(?:Map|Set)$/.test(node.expression.getText()) && (node.arguments ?? []).every(isPureToo);
  return [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword].includes(
    node.kind,
  );
}
