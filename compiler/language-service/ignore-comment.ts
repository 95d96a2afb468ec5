/** The comment that switches a rule off for one finding. */
import type { Diagnostic } from "../../schema/diagnostic.ts";
import { isBlocking } from "../policy.ts";
import type { Analysis } from "./analysis.ts";
import type { TextEdit } from "./rename.ts";

/**
 * A line of its own above the finding, with a reason that the author still has to give. None for what cannot be
 * compiled at all, and none in JSON, which has no comments.
 */
export function ignoreEdit(
  { text, offsets, format }: Analysis,
  { rule, range }: Diagnostic,
): TextEdit | undefined {
  const [area, name] = rule.split("/");
  if (area === undefined || name === undefined || isBlocking(`${area}/${name}`)) return undefined;
  if (area === "ignore" || format === "json" || /^\s*\{/.test(text)) return undefined;
  const { start } = offsets.line(range.start.line - 1);
  const indent = /^ */.exec(text.slice(start, start + 1000))?.[0] ?? "";
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  return { span: { start, end: start }, text: `${indent}# connector-ignore ${rule}: ${reasonToGive}${end}` };
}

const reasonToGive = "say why this is right here";
