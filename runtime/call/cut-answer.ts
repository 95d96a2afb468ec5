import type { ResponseRule } from "../../schema/ir.ts";
import type { ConnectorError } from "../errors.ts";
import type { ReceivedAnswer } from "../request/received-answer.ts";

/** A token or an escape of which the rest is missing. */
const begun = /^\\?[\w.+-]*\s*$/;

/**
 * True where an answer that cannot be read may have been cut: nothing but the closing of the connection ended it, and it is
 * wrong at its end. What is wrong before, such as a page of HTML in place of JSON, came whole.
 */
export function mayBeCut({ details }: ConnectorError, answer: ReceivedAnswer, rule: ResponseRule): boolean {
  if (answer.received.framing !== "close") return false;
  const { offset, line } = details ?? {};
  if (typeof offset !== "number") return true;
  const text = answer.text();
  if (rule.type === "json") return begun.test(text.slice(offset));
  if (rule.type !== "jsonl" || typeof line !== "number") return true;
  const lines = text.trimEnd().split("\n");
  return line >= lines.length && begun.test((lines.at(-1) ?? "").slice(offset));
}
