import type { Finding } from "../diagnostics.ts";
import type { DeclaredParameter } from "../lower/declared.ts";

/** What is odd about a name that is sent as it stands. */
export type OddName = Pick<Finding, "message" | "help" | "replace">;

/**
 * The slip that a name on the wire shows: a JSONPath or a template, which are not read there, a bracket without its other
 * one, a sign that the writing of a query adds by itself.
 */
export function oddName(name: string): OddName | undefined {
  const path = /^\$(?:\.|(?=\[))(.*)$/s.exec(name);
  if (path)
    return {
      message: `\`${name}\` is a JSONPath, and a name stands here: it is sent as it is written.`,
      help: "Write the name that the API gives the parameter.",
    };
  const hole = /^\{+([\w.-]+)\}+$/.exec(name)?.[1];
  if (hole !== undefined)
    return {
      message: `\`${name}\` is the name itself, braces and all: no value is put into a name.`,
      help: `Write \`${hole}\`.`,
    };
  const mark = /^[?&]|[=&]$/.exec(name)?.[0];
  if (mark !== undefined)
    return {
      message: `The \`${mark}\` is a part of this name, and is sent encoded.`,
      help: `Write \`${name.replace(/^[?&]+|[=&]+$/g, "")}\`: names and values are put together with ?, & and = by themselves.`,
    };
  return hasPairs(name)
    ? undefined
    : {
        message: `A bracket of \`${name}\` lacks the other one of its pair.`,
        help: "Write the name with both, as in `page[size]`.",
      };
}

/** Square brackets stand in pairs, one after the other, in the names of APIs. */
function hasPairs(name: string): boolean {
  let isOpen = false;
  for (const char of name) {
    if (char === "[" ? isOpen : char === "]" && !isOpen) return false;
    if (char === "[") isOpen = true;
    else if (char === "]") isOpen = false;
  }
  return !isOpen;
}

/** The key that says what a parameter is called on the wire. */
export function wireKey({ at }: DeclaredParameter): "wire_name" | "name" {
  return at.has("wire_name") ? "wire_name" : "name";
}
