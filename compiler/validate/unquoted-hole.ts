import type { Mend } from "../diagnostics.ts";
import type { MapNode } from "../read/tree.ts";

/** The name in `{title}` without quotes, which YAML reads as a flow map of one key without a value. */
export function unquotedHole({ entries }: MapNode): string | undefined {
  const [only] = entries;
  if (entries.length !== 1 || !only || !/^[A-Za-z_][\w.-]*$/.test(only.key)) return undefined;
  const { value, keyEnd, key } = only;
  return value.kind === "scalar" && value.value === null && value.end <= keyEnd ? key : undefined;
}

export function quotingHole(name: string, { span }: MapNode): Mend {
  return { title: `Put {${name}} in quotes`, edits: [{ span, text: `"{${name}}"` }] };
}
