/** What a JSONPath selects, in words. */
import { type PathStep, parsePlainPath } from "../../schema/language/jsonpath.ts";
import { code } from "./markdown.ts";

/** What a path does, to follow it in a sentence, and a line for each of its steps. */
export function describePath(text: string): string {
  const steps = parsePlainPath(text);
  if (!steps) return "is a JSONPath (RFC 9535) with filters, unions or descendants.";
  if (steps.length === 0) return "selects the whole document.";
  const many = steps.some((step) => typeof step === "object");
  const lines = steps.map((step, index) => `${index + 1}. ${describeStep(step)}`);
  return `${many ? "selects every value" : "selects one value"}, from the root:\n\n${lines.join("\n")}`;
}

function describeStep(step: PathStep): string {
  if (typeof step === "string") return `the member ${code(step)}`;
  if (typeof step === "number")
    return step < 0
      ? `element ${-step} from the end of the list`
      : `element ${step} of the list, counted from 0`;
  if (step.kind === "wildcard") return "every element of the list, or every member of the object";
  const { start, end, step: stride } = step;
  const from = start === undefined ? "the first" : `element ${start}`;
  const to = end === undefined ? "the last" : `the one before element ${end}`;
  const every = stride === 1 ? "" : `, every ${stride}th`;
  return stride > 0
    ? `the elements from ${from} to ${to}${every}`
    : `elements in reverse, in steps of ${-stride}`;
}
