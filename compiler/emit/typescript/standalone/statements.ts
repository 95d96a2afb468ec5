/** One statement of the core's one scope, and what it declares there. */
export interface CoreStatement {
  readonly declares: readonly string[];
  readonly pieces: readonly CorePiece[];
  /** Of a table: its entries, each of which can go by itself; `pieces` are all of them. */
  readonly entries?: readonly CoreEntry[];
}

/** `name: …` in a table. */
export interface CoreEntry {
  readonly name: string;
  readonly pieces: readonly CorePiece[];
}

/** Text with the names of the core's scope that it uses; or what depends on a key of the plan. */
export type CorePiece =
  | { readonly text: string; readonly uses: readonly string[] }
  | { readonly key: string; readonly on: readonly CorePiece[]; readonly off: readonly CorePiece[] };

/** The text of pieces, and what it uses, for a plan of these keys. */
export function written(
  pieces: readonly CorePiece[],
  keys: ReadonlySet<string>,
): { readonly text: string; readonly uses: readonly string[] } {
  let text = "";
  const uses = new Set<string>();
  for (const piece of pieces) {
    const part = "key" in piece ? written(keys.has(piece.key) ? piece.on : piece.off, keys) : piece;
    text += part.text;
    for (const name of part.uses) uses.add(name);
  }
  return { text, uses: [...uses] };
}

/** Takes a bundled module apart. Names that a statement hides behind its own count as used: that errs on the safe side. */
export async function statementsOf(text: string): Promise<readonly CoreStatement[]> {
  const { ts } = await import("ts-morph");
  const source = ts.createSourceFile("core.js", text, ts.ScriptTarget.ES2022, true);
  const parts = source.statements
    .filter((statement) => !ts.isExportDeclaration(statement))
    .map((statement) => ({ statement, declares: declaredBy(statement) }));
  const known = new Set(parts.flatMap(({ declares }) => declares));
  return parts.map(({ statement, declares }) => {
    const entries = entriesOf(statement, declares);
    return {
      declares,
      pieces: piecesOf(statement, declares),
      ...(entries ? { entries } : {}),
    };
  });

  type Node = Parameters<typeof ts.forEachChild>[0];

  function usedIn(node: Node, declares: readonly string[]): string[] {
    return [...new Set(namesIn(node))].filter((name) => known.has(name) && !declares.includes(name)).sort();
  }

  function piecesOf(node: Node, declares: readonly string[]): CorePiece[] {
    const plain = [{ text: node.getText(source), uses: usedIn(node, declares) }];
    if (!node.getText(source).includes("planHas.")) return plain;
    const inner = (one: Node): CorePiece[] => piecesOf(one, declares);
    const choice = choiceOf(node, inner);
    if (choice) return [choice];
    const pieces: CorePiece[] = [];
    let at = node.getStart(source);
    ts.forEachChild(node, (child) => {
      pieces.push({ text: text.slice(at, child.getStart(source)), uses: [] });
      pieces.push(
        ...(isMemberName(node, child) ? [{ text: child.getText(source), uses: [] }] : inner(child)),
      );
      at = child.end;
    });
    pieces.push({ text: text.slice(at, node.end), uses: [] });
    return pieces;
  }

  /** `planHas.key && …`, alone or as a condition. */
  function choiceOf(node: Node, inner: (node: Node) => CorePiece[]): CorePiece | undefined {
    const literal = (written: string): CorePiece => ({ text: written, uses: [] });
    if (ts.isIfStatement(node)) {
      const asked = askedIn(node.expression);
      if (!asked) return undefined;
      const then = inner(node.thenStatement);
      const otherwise = node.elseStatement && inner(node.elseStatement);
      const rest = conjunction(asked.rest, inner);
      return {
        key: asked.key,
        on: rest
          ? [
              literal("if ("),
              ...rest,
              literal(") "),
              ...then,
              ...(otherwise ? [literal(" else "), ...otherwise] : []),
            ]
          : then,
        off: otherwise ?? [literal("{}")],
      };
    }
    if (ts.isConditionalExpression(node)) {
      const asked = askedIn(node.condition);
      if (!asked) return undefined;
      const [whenTrue, whenFalse] = [inner(node.whenTrue), inner(node.whenFalse)];
      const rest = conjunction(asked.rest, inner);
      return {
        key: asked.key,
        on: rest ? [...rest, literal(" ? "), ...whenTrue, literal(" : "), ...whenFalse] : whenTrue,
        off: whenFalse,
      };
    }
    if (!ts.isExpression(node)) return undefined;
    const asked = askedIn(node);
    return (
      asked && {
        key: asked.key,
        on: conjunction(asked.rest, inner) ?? [literal("true")],
        off: [literal("false")],
      }
    );
  }

  /** The key that a conjunction begins with, and what follows it. */
  function askedIn(node: Node): { readonly key: string; readonly rest: readonly Node[] } | undefined {
    if (ts.isPropertyAccessExpression(node) && node.expression.getText(source) === "planHas")
      return { key: node.name.text, rest: [] };
    if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.AmpersandAmpersandToken)
      return undefined;
    const asked = askedIn(node.left);
    return asked && { key: asked.key, rest: [...asked.rest, node.right] };
  }

  function conjunction(nodes: readonly Node[], inner: (node: Node) => CorePiece[]): CorePiece[] | undefined {
    if (nodes.length === 0) return undefined;
    return nodes.flatMap((node, at) => [...(at > 0 ? [{ text: " && ", uses: [] }] : []), ...inner(node)]);
  }

  /** The entries of `var table = { name: …, … };`, where all of them have plain names. */
  function entriesOf(statement: Node, declares: readonly string[]): CoreEntry[] | undefined {
    if (!ts.isVariableStatement(statement)) return undefined;
    const [only, ...others] = statement.declarationList.declarations;
    const table = only?.initializer;
    if (!only || others.length > 0 || !ts.isIdentifier(only.name)) return undefined;
    if (!table || !ts.isObjectLiteralExpression(table)) return undefined;
    const entries = table.properties.flatMap((property) =>
      ts.isPropertyAssignment(property) &&
      (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name))
        ? [{ name: property.name.text, pieces: piecesOf(property, declares) }]
        : [],
    );
    return entries.length === table.properties.length ? entries : undefined;
  }

  function declaredBy(statement: Node): string[] {
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.flatMap(({ name }) => boundIn(name));
    const named = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
    return named && statement.name ? [statement.name.text] : [];
  }

  function boundIn(name: Node): string[] {
    if (ts.isIdentifier(name)) return [name.text];
    const names: string[] = [];
    ts.forEachChild(name, (element) => {
      if (ts.isBindingElement(element)) names.push(...boundIn(element.name));
    });
    return names;
  }

  function namesIn(node: Node): string[] {
    if (ts.isIdentifier(node)) return [node.text];
    const names: string[] = [];
    ts.forEachChild(node, (child) => {
      if (!isMemberName(node, child)) names.push(...namesIn(child));
    });
    return names;
  }

  /** `b` of `a.b`, and of `{ b: … }`. */
  function isMemberName(parent: Node, child: Node): boolean {
    const named =
      ts.isPropertyAccessExpression(parent) ||
      ts.isPropertyAssignment(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isAccessor(parent);
    return named && parent.name === child && !ts.isComputedPropertyName(child);
  }
}
