/** Descriptors of the folder, compiled, with findings in the words of an agent. */
import { type Compilation, compileText, type Diagnostic } from "../../compiler/index.ts";
import type { Connector } from "../../schema/ir.ts";
import { refusal } from "./refuse.ts";
import type { Workspace } from "./workspace.ts";

/** Bytes of a descriptor, and of a schema file beside it. */
export const maxDescriptorBytes: number = 2 * 1024 * 1024;

/** Findings that one answer tells. */
const mostFindings = 100;

export async function compileDescriptor(workspace: Workspace, path: string): Promise<Compilation> {
  return compileAs(workspace.read(path, maxDescriptorBytes).toString("utf8"), workspace, path);
}

/** Compiles a text as if it stood at `path`. */
export function compileAs(text: string, workspace: Workspace, path: string): Promise<Compilation> {
  return compileText(text, {
    file: path,
    host: workspace.host(path, maxDescriptorBytes),
    format: path.endsWith(".json") ? "json" : "yaml",
  });
}

/** The one connector of a descriptor without errors. */
export async function connectorOf(workspace: Workspace, path: string): Promise<Connector> {
  const compilation = await compileDescriptor(workspace, path);
  const verdict = verdictOf(compilation);
  const [only, other] = compilation.connectors;
  if (!verdict.ok)
    throw refusal(
      `${path} has errors: ${verdict.errors.slice(0, 5).join("; ")}. validate_descriptor tells them all.`,
      "path",
    );
  if (!only || other)
    throw refusal(`${path} holds ${compilation.connectors.length} connectors; keep one in a file.`, "path");
  return only.ir;
}

export interface Verdict extends Readonly<Record<string, unknown>> {
  readonly ok: boolean;
  readonly errors: readonly string[];
  readonly findings: readonly object[];
  readonly note?: string;
}

/** What is wrong, and where: `errors` in one line each, `findings` with positions and mends. */
export function verdictOf({ diagnostics }: Compilation): Verdict {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  return {
    ok: errors.length === 0,
    errors: errors.slice(0, mostFindings).map(({ path, message }) => `${placeOf(path)}: ${message}`),
    findings: diagnostics.slice(0, mostFindings).map(finding),
    ...(diagnostics.length > mostFindings
      ? { note: `The first ${mostFindings} of ${diagnostics.length} findings.` }
      : {}),
  };
}

/** `authentication/0/oauth/token_url`; the root has no name. */
function placeOf(pointer: string): string {
  return pointer === "" ? "descriptor" : pointer.slice(1);
}

function finding({ rule, severity, path, message, range, help, fix, suggestion }: Diagnostic): object {
  return {
    rule,
    severity,
    path,
    message,
    line: range.start.line,
    column: range.start.column,
    ...(help === undefined ? {} : { help }),
    ...(fix === undefined ? {} : { fix }),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}
