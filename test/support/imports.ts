/** Reads the imports of this project's sources, so that tests can hold the dependency rules. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import ts from "typescript";

/** One import of a source file. */
export interface Import {
  /** A path from the project's root, or the name of a package or `node:` module as written. */
  readonly target: string;
  readonly local: boolean;
  /** Gone after compilation: loads nothing. */
  readonly typeOnly: boolean;
  /** `import()`: loaded when reached, not with the module. */
  readonly dynamic: boolean;
}

/** A source file with what it imports. */
export interface Source {
  readonly path: string;
  readonly imports: readonly Import[];
  readonly topLevelAwait: boolean;
}

/** The project's root folder. */
export const root: string = join(import.meta.dirname, "..", "..");

/** Every TypeScript and generated JavaScript source below the given folders (and single files). */
export function readSources(places: readonly string[]): ReadonlyMap<string, Source> {
  const sources = new Map<string, Source>();
  for (const place of places)
    for (const path of filesOf(place)) {
      sources.set(path, readSource(path));
    }
  return sources;
}

/** The files that loading `entry` loads too: value imports followed, dynamic ones only on request. */
export function reach(
  entry: string,
  sources: ReadonlyMap<string, Source>,
  dynamic: boolean,
): ReadonlySet<string> {
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const one of sources.get(path)?.imports ?? [])
      if (!one.typeOnly && (dynamic || !one.dynamic)) visit(one.target);
  };
  visit(entry);
  return seen;
}

/** The package of a bare specifier: `undici/lib/x.js` is `undici`, `@a/b/c` is `@a/b`. */
export function packageOf(target: string): string {
  const parts = target.split("/");
  return target.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? target);
}

function filesOf(place: string): readonly string[] {
  const absolute = join(root, place);
  if (/\.\w+$/.test(place)) return existsSync(absolute) ? [place] : [];
  return readdirSync(absolute, { recursive: true, encoding: "utf8" })
    .filter((path) => /(?<!\.d)\.ts$|\.gen\.js$/.test(path))
    .map((path) => join(place, path).split(sep).join("/"));
}

function readSource(path: string): Source {
  const file = ts.createSourceFile(
    path,
    readFileSync(join(root, path), "utf8"),
    ts.ScriptTarget.Latest,
    true,
  );
  const imports: Import[] = [];
  let topLevelAwait = false;
  const add = (specifier: ts.Node | undefined, typeOnly: boolean, dynamic: boolean): void => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    const local = specifier.text.startsWith(".");
    const target = local
      ? relative(root, join(root, dirname(path), specifier.text))
          .split(sep)
          .join("/")
      : specifier.text;
    imports.push({ target, local, typeOnly, dynamic });
  };
  const visit = (node: ts.Node, inFunction: boolean): void => {
    if (ts.isImportDeclaration(node))
      add(node.moduleSpecifier, node.importClause?.isTypeOnly === true, false);
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly, false);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false, true);
    if (!inFunction && (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)))
      topLevelAwait = true;
    node.forEachChild((child) => visit(child, inFunction || ts.isFunctionLike(node)));
  };
  visit(file, false);
  return { path, imports, topLevelAwait };
}
