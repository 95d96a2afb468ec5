/** One statement of the core's one scope: what it declares there and which of its names it uses. */
export interface CoreStatement {
  readonly text: string;
  readonly declares: readonly string[];
  readonly uses: readonly string[];
  /** Of a table: its entries, each of which can go by itself; `text` and `uses` are of all of them. */
  readonly entries?: readonly CoreEntry[];
}

/** `name: …` in a table. */
export interface CoreEntry {
  readonly name: string;
  readonly text: string;
  readonly uses: readonly string[];
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
      text: statement.getText(source),
      declares,
      uses: usedIn(statement, declares),
      ...(entries ? { entries } : {}),
    };
  });

  type Node = Parameters<typeof ts.forEachChild>[0];

  function usedIn(node: Node, declares: readonly string[]): string[] {
    return [...new Set(namesIn(node))].filter((name) => known.has(name) && !declares.includes(name)).sort();
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
        ? [
            {
              name: property.name.text,
              text: property.getText(source),
              uses: usedIn(property.initializer, declares),
            },
          ]
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
