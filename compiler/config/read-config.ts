/** `connector.config.yaml`: read and judged as a descriptor is, with findings at their lines. */
import type { Diagnostic, Severity } from "../../schema/diagnostic.ts";
import { catalog, type Preset } from "../catalog.ts";
import { type Found, toDiagnostics } from "../compile.ts";
import type { Finding, Report } from "../diagnostics.ts";
import { type ReadDocument, read, type TextFormat } from "../read/read.ts";
import { child, type Node, type Pointer, toValue } from "../read/tree.ts";
import { mend } from "../validate/mend.ts";
import { tellMissingKeys } from "../validate/missing-keys.ts";
import { faults } from "../validate/outcome.ts";
import { tellValue } from "../validate/values.ts";
import { asWritten, nodeInWords } from "../validate/words.ts";
import { validate as validateConfig } from "./config.gen.js";
import isConfig from "./config-check.gen.ts";
import { type RuleLevels, ruleProblem } from "./rule-levels.ts";
import { shape } from "./shape.gen.js";

/** What a configuration file says (`schema/config.schema.json`); paths and globs count from its folder. */
export interface Config {
  readonly preset?: Preset;
  readonly rules?: RuleLevels;
  readonly next?: boolean;
  readonly fail_severity?: Severity | "none";
  readonly max_warnings?: number;
  readonly baseline?: string;
  readonly ignore?: readonly string[];
  readonly overrides?: readonly Override[];
}

export interface Override {
  readonly files: readonly string[];
  readonly preset?: Preset;
  readonly rules?: RuleLevels;
}

export interface ReadConfig {
  /** Absent where anything is wrong. */
  readonly config?: Config;
  readonly diagnostics: readonly Diagnostic[];
  /** The text that ranges refer to. */
  readonly text: string;
}

/** Reads a configuration; one that holds nothing but comments asks for nothing. */
export function readConfig(
  input: string | Uint8Array,
  { file, format }: { readonly file: string; readonly format: TextFormat },
): ReadConfig {
  const found: Found[] = [];
  const report = (finding: Finding): void => {
    found.push({ document: 0, finding, phase: 0, severity: catalog[finding.rule]?.severity ?? "error" });
  };
  const { text, documents } = read(input, format, () => report);
  if (found.length > 0 && found.every(({ finding }) => finding.rule === "file/empty"))
    return { config: {}, diagnostics: [], text };
  const root = judge(documents, report);
  const diagnostics = toDiagnostics(found, text, documents, file);
  // The validator has found every value to be of the type that `Config` says.
  return root && found.length === 0
    ? { config: toValue(root) as Config, diagnostics, text }
    : { diagnostics, text };
}

/** The mended tree of the one document. */
function judge(documents: readonly ReadDocument[], report: Report): Node | undefined {
  const [only, second] = documents;
  if (!only) return undefined;
  if (only.root.kind !== "map" || second) {
    report({
      rule: "structure/wrong-type",
      path: [],
      span: second ? { start: second.root.span.start, end: second.root.span.start } : { start: 0, end: 0 },
      message: second
        ? "A configuration file holds one document."
        : `A configuration must be a map, but this document is ${nodeInWords(only.root)}.`,
      help: second ? "Remove the others." : "Begin with `preset:` or `rules:`.",
    });
    return undefined;
  }
  const { root, broken, strays, original } = mend(only.root, report, shape);
  const telling = { report, source: only.root, start: 0, original, broken };
  const all = faults({ isRight: isConfig, validator: () => validateConfig }, toValue(root), root, shape);
  tellMissingKeys(all, strays, telling);
  for (const fault of all) if (fault.keyword !== "required") tellValue(fault, telling);
  judgeRules(child(root, "rules"), original(["rules"]), report);
  const overrides = child(root, "overrides");
  if (overrides?.kind === "list")
    for (const [index, item] of overrides.items.entries())
      judgeRules(child(item, "rules"), original(["overrides", index, "rules"]), report);
  return root;
}

function judgeRules(rules: Node | undefined, path: Pointer, report: Report): void {
  if (rules?.kind !== "map") return;
  for (const { key, keySpan, value } of rules.entries) {
    const problem = ruleProblem(key, value.kind === "scalar" ? value.value : undefined);
    if (!problem) continue;
    const { replace, ...told } = problem;
    report({
      rule: "structure/not-allowed",
      path: [...path, key],
      at: "key",
      span: keySpan,
      ...told,
      ...(replace === undefined ? {} : { replace: asWritten(replace, key, keySpan) }),
    });
  }
}
