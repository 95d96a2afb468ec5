import type { Context, Placement, UrlOrigin, ValueSymbol } from "../../schema/ir.ts";
import type { JsonPath } from "../../schema/language/jsonpath.ts";
import { parsePlainPath } from "../../schema/language/jsonpath.ts";
import type { ParsedName, ParsedPart } from "../../schema/language/template.ts";
import type { Finding, Mend, Report } from "../diagnostics.ts";
import { exactSpan, spanInScalar } from "../read/scalar.ts";
import { type Pointer, pointerText, type ScalarNode, type Span } from "../read/tree.ts";
import { droppedKey, strayKey } from "../validate/broken-marks.ts";
import { createBudget, type Takes } from "./budget.ts";
import type { BundledFiles } from "./bundle.ts";
import type { Cursor } from "./cursor.ts";
import type { Declared, DeclaredProfile } from "./declared.ts";
import { createLimitSelection, type LimitSelection } from "./limit-selection.ts";
import type { PathProofs } from "./paths.ts";
import type { TestOf } from "./pattern-tests.ts";
import type { Patterns } from "./patterns.ts";
import type { SchemaChecks } from "./schemas.ts";
import type { Scope } from "./scope.ts";
import { authorityProblem, type UrlProblem } from "./url-problems.ts";

/** Whose template it is: findings about what hangs on a broken one stay unsaid. */
export interface Owner {
  readonly kind: "operation" | "step" | "profile" | "chain" | "defaults";
  readonly id: string;
}

/** A name in a template, bound. What the rules about use, secrets and hosts look at. */
export interface Reference {
  readonly symbol: ValueSymbol;
  readonly context: Context;
  readonly secret: boolean;
  readonly owner: Owner;
  readonly path: Pointer;
  readonly span: Span;
  /** Which section it stands in, such as `auth_query`. */
  readonly section: string;
  /** How it is written, and what its name could have meant there; absent where the language implies it. */
  readonly written?: WrittenName | undefined;
}

/** A name in the text of a template; `name` counts in the scalar's value. */
export interface WrittenName {
  readonly scalar: ScalarNode;
  readonly name: ParsedName;
  readonly scope: Scope;
}

/** A setting that no `connection_config` declares and a URL implies. */
export interface ImpliedSetting {
  readonly key: string;
  readonly context: Context;
  readonly path: Pointer;
  readonly span: Span;
}

/** What had to be awaited before lowering, which awaits nothing. */
export interface Prepared {
  readonly files: BundledFiles;
  readonly proofs: PathProofs;
  /** Loaded where a default must be held against a schema. */
  readonly schemaChecks: SchemaChecks | undefined;
  /** Holds a text against a pattern of a setting or credential field. */
  readonly patternTest: TestOf;
  readonly patterns: Patterns;
}

/** Sections of the defaults whose entries become a part of each operation. */
const sharedKeys = ["headers", "query", "errors", "auth_headers", "auth_query", "auth_cookies"] as const;

/** What lowering gathers on its way, for the IR and for the rules. One object a document; nothing outlives it. */
export class Lowering {
  readonly text: string;
  readonly declared: Declared;
  readonly broken: ReadonlySet<string>;
  readonly references: Reference[] = [];
  /** Every text that was read as a template, whether or not it could be parsed, and what names mean in it. */
  readonly templates: Map<ScalarNode, Scope> = new Map();
  readonly implied: Map<string, ImpliedSetting> = new Map();
  readonly files: BundledFiles;
  /** Owners with a template that could not be read or bound. */
  readonly #unresolved = new Set<string>();
  readonly #report: Report;
  readonly schemaChecks: SchemaChecks | undefined;
  readonly patternTest: TestOf;
  readonly patterns: Patterns;
  readonly #proofs: PathProofs;
  readonly #authorities = new Map<string, UrlProblem | "right">();
  readonly #named = new Map<string, readonly DeclaredProfile[]>();
  #byId: ReadonlyMap<string, DeclaredProfile> | undefined;
  /** The defaults, and how many entries each operation takes over from them. */
  readonly shared: { readonly defaults: Cursor; readonly size: number };
  /** The limits that an operation counts against. */
  readonly limitsFor: LimitSelection;
  /** Where the credentials of the profiles go, as far as it was asked. */
  readonly placements: Map<DeclaredProfile, Placement> = new Map();
  /** The parts of `base_url` where they are the same for every request. */
  base: readonly ParsedPart[] | undefined;
  /** Origins without a hole, by their texts. */
  readonly origins: Map<string, UrlOrigin> = new Map();
  /** Counts what is the product of two lists of the descriptor. */
  readonly takes: Takes;

  constructor(
    text: string,
    declared: Declared,
    broken: ReadonlySet<string>,
    { files, proofs, schemaChecks, patternTest, patterns }: Prepared,
    report: Report,
  ) {
    this.files = files;
    this.#proofs = proofs;
    this.schemaChecks = schemaChecks;
    this.patternTest = patternTest;
    this.patterns = patterns;
    this.text = text;
    this.declared = declared;
    this.broken = broken;
    this.#report = report;
    this.takes = createBudget(report);
    const defaults = declared.root.at("defaults");
    const sizes = sharedKeys.map((key) => defaults.at(key).size);
    this.shared = { defaults, size: sizes.reduce((sum, size) => sum + size, 0) };
    this.limitsFor = createLimitSelection(declared.limits);
  }

  report(finding: Finding): void {
    this.#report(finding);
  }

  /** True where the validate phase has found fault with the value at, or right below, this place. */
  isBroken(path: Pointer): boolean {
    return this.broken.size > 0 && this.broken.has(pointerText(path));
  }

  /** The text at a key, unless the validate phase has found fault with it. */
  soundText(at: Cursor, key: string): string | undefined {
    return this.broken.size > 0 && this.isBroken([...at.path, key]) ? undefined : at.at(key).string();
  }

  /** True where a key of the map was reported and dropped: what the map lacks may be what it meant. */
  lostKey(path: Pointer): boolean {
    return this.broken.size > 0 && this.broken.has(pointerText([...path, droppedKey]));
  }

  /** True where a map was told to lack a key that it must have. */
  lacksKey(path: Pointer): boolean {
    const from = `${pointerText(path)}/`;
    return [...this.broken].some((one) => one.startsWith(from) && !one.includes("/", from.length));
  }

  /** True where a key of that name was found in a section that does not know it: a map that lacks it may have lost it. */
  isStray(key: string): boolean {
    return this.broken.has(strayKey(key));
  }

  /**
   * Reports a part of a text; `title` names the mend where `replace` is certain. Where the text has no exact places,
   * the finding covers all of it, and nothing is said of what to write.
   */
  reportIn(
    at: Cursor,
    start: number,
    end: number,
    { title, ...finding }: Omit<Finding, "path" | "span" | "fix"> & { readonly title?: string },
  ): void {
    const scalar = at.scalar;
    if (!scalar) {
      this.report({ ...finding, path: at.path });
      return;
    }
    const exact = this.exactSpan(scalar, start, end);
    const span = exact ?? scalar.span;
    const { replace, ...told } = finding;
    if (replace === undefined || !exact) this.report({ ...told, path: at.path, span });
    else {
      const fix = title === undefined ? {} : { fix: { title, edits: [{ span, text: replace }] } };
      this.report({ ...finding, path: at.path, span, ...fix });
    }
  }

  span(scalar: ScalarNode, start: number, end: number): Span {
    return spanInScalar(this.text, scalar, start, end);
  }

  /** Undefined where a text has no exact places. */
  exactSpan(scalar: ScalarNode, start: number, end: number): Span | undefined {
    return exactSpan(this.text, scalar, start, end);
  }

  /** The profile of that id, else all of that type. */
  profilesNamed(name: string): readonly DeclaredProfile[] {
    const known = this.#named.get(name);
    if (known) return known;
    const { profiles } = this.declared;
    // The first of an id wins.
    this.#byId ??= new Map(profiles.toReversed().map((profile) => [profile.id, profile]));
    const byId = this.#byId.get(name);
    const found = byId ? [byId] : profiles.filter(({ type }) => type === name);
    this.#named.set(name, found);
    return found;
  }

  /** What keeps a text from being a host with a port; many URLs share one. */
  authorityProblem(text: string, holes: boolean): UrlProblem | undefined {
    const key = `${holes} ${text}`;
    const known = this.#authorities.get(key);
    if (known !== undefined) return known === "right" ? undefined : known;
    const problem = authorityProblem(text, holes);
    this.#authorities.set(key, problem ?? "right");
    return problem;
  }

  markUnresolved(owner: Owner): void {
    this.#unresolved.add(`${owner.kind}:${owner.id}`);
  }

  hasUnresolved(kind: Owner["kind"], id: string): boolean {
    return this.#unresolved.size > 0 && this.#unresolved.has(`${kind}:${id}`);
  }

  /** The JSONPath at a cursor; one that is invalid is reported and gives undefined. */
  path(at: Cursor): JsonPath | undefined {
    const text = at.string();
    if (text === undefined) return undefined;
    const steps = parsePlainPath(text);
    if (steps) return { kind: "plain", text, steps };
    const proof = this.#proofs.get(text) ?? { problem: { message: "a JSONPath begins with $", offset: 0 } };
    if ("path" in proof) return proof.path;
    const { message, offset } = proof.problem;
    const meant = meantPath(text);
    const filter = text.indexOf("[?");
    const compares = filter >= 0 && /[^=!<>~]=[^=~]/.test(text.slice(filter + 2));
    const help = meant
      ? `Write ${meant}.`
      : compares
        ? "A filter compares with `==`, as in $.items[?@.id == 1]."
        : "Paths follow RFC 9535, such as $.data.items[*].id.";
    const mended = meant && at.scalar && mendPath(at.scalar, meant);
    const where = offset > 0 && offset < text.length ? ` (at character ${offset + 1})` : "";
    this.report({
      rule: "jsonpath/invalid",
      path: at.path,
      message: `This is no valid JSONPath: ${message}${where}.`,
      help,
      ...(mended ? { replace: mended, fix: mendOf(at.scalar.span, mended, meant) } : {}),
    });
    return undefined;
  }
}

/**
 * The path that a text without `$`, or with a name that must stand in brackets, can only mean: `data.items` is
 * `$.data.items`, `$.next-page` is `$['next-page']`. Undefined where it holds anything but names and indexes.
 */
function meantPath(text: string): string | undefined {
  const parts = text.replace(/^\$?\.?/, "").split(".");
  if (!parts.every((part) => /^[A-Za-z_][\w-]*(?:\[(?:\d+|\*)\])*$/.test(part))) return undefined;
  const steps = parts.map((part) => {
    const name = /^[^[]*/.exec(part)?.[0] ?? "";
    return /^\w+$/.test(name) ? `.${part}` : `['${name}']${part.slice(name.length)}`;
  });
  return `$${steps.join("")}`;
}

/** The path in the style of the scalar that it replaces; a plain one takes quotes, which a path with brackets needs. */
function mendPath(node: ScalarNode, path: string): string | undefined {
  if (node.style === "block") return undefined;
  return node.style === "single" ? `'${path.replaceAll("'", "''")}'` : JSON.stringify(path);
}

function mendOf(span: Span, text: string, path: string): Mend {
  return { title: `Write ${path}`, edits: [{ span, text }] };
}
