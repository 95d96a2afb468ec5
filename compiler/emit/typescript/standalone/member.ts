import type { ts as typescript } from "ts-morph";

/** The name of such a node is that of a member: it is bound in no scope. */
export function isMember(node: typescript.Node, ts: typeof typescript): boolean {
  return (
    ts.isPropertyAccessExpression(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isShorthandPropertyAssignment(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isAccessor(node)
  );
}
