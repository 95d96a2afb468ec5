import type { Context, ValueSymbol } from "../../schema/ir.ts";
import type { JsonPath } from "../../schema/language/jsonpath.ts";
import { parsePlainPath } from "../../schema/language/jsonpath.ts";
import type { Finding, Report } from "../diagnostics.ts";
import { spanInScalar } from "../read/scalar.ts";
import { type Pointer, pointerText, type ScalarNode, type Span } from "../read/tree.ts";
import { droppedKey } from "../validate/mend.ts";
import type { BundledFiles } from "./bundle.ts";
import type { Cursor } from "./cursor.ts";
import type { Declared } from "./declare.ts";
import type { PathProofs } from "./paths.ts";
import type { SchemaChecks } from "./schemas.ts";

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
}

/** What lowering gathers on its way, for the IR and for the rules. One object a document; nothing outlives it. */
export class Lowering {
  readonly text: string;
  readonly declared: Declared;
  readonly broken: ReadonlySet<string>;
  readonly references: Reference[] = [];
  readonly implied: Map<string, ImpliedSetting> = new Map();
  readonly files: BundledFiles;
  /** Owners with a template that could not be read or bound. */
  readonly #unresolved = new Set<string>();
  readonly #report: Report;
  readonly schemaChecks: SchemaChecks | undefined;
  readonly #proofs: PathProofs;

  constructor(
    text: string,
    declared: Declared,
    broken: ReadonlySet<string>,
    { files, proofs, schemaChecks }: Prepared,
    report: Report,
  ) {
    this.files = files;
    this.#proofs = proofs;
    this.schemaChecks = schemaChecks;
    this.text = text;
    this.declared = declared;
    this.broken = broken;
    this.#report = report;
  }

  report(finding: Finding): void {
    this.#report(finding);
  }

  /** True where the validate phase has found fault with the value at, or right below, this place. */
  isBroken(path: Pointer): boolean {
    return this.broken.has(pointerText(path));
  }

  /** True where a key of the map was reported and dropped: what the map lacks may be what it meant. */
  lostKey(path: Pointer): boolean {
    return this.broken.has(pointerText([...path, droppedKey]));
  }

  reportIn(at: Cursor, start: number, end: number, finding: Omit<Finding, "path" | "span">): void {
    const scalar = at.scalar;
    this.report({ ...finding, path: at.path, ...(scalar ? { span: this.span(scalar, start, end) } : {}) });
  }

  span(scalar: ScalarNode, start: number, end: number): Span {
    return spanInScalar(this.text, scalar, start, end);
  }

  markUnresolved(owner: Owner): void {
    this.#unresolved.add(`${owner.kind}:${owner.id}`);
  }

  hasUnresolved(kind: Owner["kind"], id: string): boolean {
    return this.#unresolved.has(`${kind}:${id}`);
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
    const help = /^\.?[A-Za-z_][\w.[\]]*$/.test(text)
      ? `Write $.${text.replace(/^\./, "")}.`
      : "Paths follow RFC 9535, such as $.data.items[*].id.";
    const where = offset > 0 && offset < text.length ? ` (at character ${offset + 1})` : "";
    this.report({
      rule: "jsonpath/invalid",
      path: at.path,
      message: `This is no valid JSONPath: ${message}${where}.`,
      help,
    });
    return undefined;
  }
}
