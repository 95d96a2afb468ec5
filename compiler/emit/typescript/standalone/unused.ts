/** Takes out what a cut has left without a reader: bundlers leave it in, since they know less of what reading has for effects. */
import type { ts as typescript } from "ts-morph";
import { isPure } from "./purity.ts";

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
    return ts.isIdentifier(name) && !uses.has(name.text) && (!initializer || isPure(initializer, ts));
  }

  function isSpare({ name, initializer }: typescript.VariableDeclaration): boolean {
    const isUnread = ts.isIdentifier(name) ? !uses.has(name.text) : name.elements.length === 0;
    return isUnread && (!initializer || isPure(initializer, ts));
  }
}

/** Whole statements of declarations that nothing from `roots` on reads; those that declare nothing stay with what they work on. */
export function withoutUnread(text: string, roots: readonly string[], ts: Ts): string {
  const source = ts.createSourceFile("core.js", text, ts.ScriptTarget.ES2022, true);
  const parts = source.statements.map((statement) => ({
    text: statement.getFullText(source),
    declares: declaredBy(statement),
    reads: namesIn(statement),
  }));
  const kept = new Set<(typeof parts)[number]>();
  const take = (part: (typeof parts)[number]): void => {
    if (kept.has(part)) return;
    kept.add(part);
    for (const other of parts) if (other.declares.some((name) => part.reads.has(name))) take(other);
  };
  for (const part of parts)
    if (part.declares.length === 0 || part.declares.some((name) => roots.includes(name))) take(part);
  return parts.flatMap((part) => (kept.has(part) ? [part.text] : [])).join("");

  function declaredBy(statement: Node): string[] {
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map(({ name }) => name.getText(source));
    const isNamed = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
    return isNamed && statement.name ? [statement.name.text] : [];
  }

  /** But for the names of members. */
  function namesIn(node: Node, names: Set<string> = new Set()): ReadonlySet<string> {
    if (ts.isIdentifier(node)) {
      const { parent } = node;
      const isMember =
        (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
        (ts.isPropertyAssignment(parent) && parent.name === node) ||
        (ts.isMethodDeclaration(parent) && parent.name === node) ||
        (ts.isBindingElement(parent) && parent.propertyName === node);
      if (!isMember) names.add(node.text);
    } else ts.forEachChild(node, (child) => void namesIn(child, names));
    return names;
  }
}
