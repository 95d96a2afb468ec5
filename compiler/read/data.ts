import type { Finding } from "../diagnostics.ts";
import { lineMap } from "./lines.ts";
import { read } from "./read.ts";
import { toValue } from "./tree.ts";

/** A small YAML or JSON file that is no descriptor (a connection file): its data, or a sentence that says where it is wrong. */
export function readData(
  input: string | Uint8Array,
): { readonly data: unknown } | { readonly problem: string } {
  const findings: Finding[] = [];
  const { text, documents } = read(input, "yaml", () => (finding) => findings.push(finding));
  const first = findings[0];
  if (first) {
    const { line, column } = lineMap(text).position(first.span?.start ?? 0);
    return { problem: `line ${line}, column ${column}: ${first.message}` };
  }
  const root = documents[0]?.root;
  return { data: root ? toValue(root) : undefined };
}
