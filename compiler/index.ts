/** The compiler: descriptor text or data to findings and IR, and IR to files. */
import type { Diagnostic } from "../schema/diagnostic.ts";
import type { Connector } from "../schema/ir.ts";
import { type Compilation, type CompileOptions, compileText } from "./compile.ts";

export type {
  Diagnostic,
  Fix,
  Position,
  Range,
  Related,
  Severity,
  Suggestion,
  Suppressed,
} from "../schema/diagnostic.ts";
export type { Connector } from "../schema/ir.ts";
export { catalog, type Preset, type RuleInfo } from "./catalog.ts";
export { type Compilation, type CompiledConnector, type CompileOptions, compileText } from "./compile.ts";
export type { Change, Level, Site } from "./diff/change.ts";
export { type ConnectorDiff, type DiffOptions, diffConnectors } from "./diff/diff.ts";
export type { DiffSource } from "./diff/locate.ts";
export type { Host } from "./host.ts";
export type { Policy } from "./policy.ts";

/** A descriptor as YAML or JSON text, or as the data of one. */
export type Input = string | object;

export interface ValidationResult {
  /** No error was found; there may be warnings. */
  readonly valid: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** Judges a descriptor. Findings about data refer to the lines of its JSON text with an indentation of 2. */
export async function validate(input: Input, options: CompileOptions = {}): Promise<ValidationResult> {
  const { diagnostics } = await compile(input, options);
  return { valid: diagnostics.every(({ severity }) => severity !== "error"), diagnostics };
}

/** Compiles a descriptor. `ir` is the first connector, where nothing is wrong with any. */
export async function compile(
  input: Input,
  options: CompileOptions = {},
): Promise<Compilation & { readonly ir?: Connector }> {
  const compilation =
    typeof input === "string"
      ? await compileText(input, options)
      : await compileText(JSON.stringify(input, undefined, 2), { ...options, format: "json" });
  const [first] = compilation.connectors;
  const failed = compilation.diagnostics.some(({ severity }) => severity === "error");
  return first && !failed ? { ...compilation, ir: first.ir } : compilation;
}
