import type { Json } from "../ir.ts";
import { unseen } from "../language/unseen.ts";
import type { ToolText } from "./tool.ts";

/** What is wrong with the text of a tool: where, as a JSON Pointer into the tool, and what. */
export interface ToolTextFault {
  readonly path: string;
  readonly fault: string;
}

/** Characters at most. Descriptions of tools are kept short where they are made; these are the bounds of what is served. */
const longest = { name: 64, title: 200, description: 2000 };
/** Of any one text in a schema. */
const longestInSchema = 4000;

/**
 * The first fault in what a client is told of a tool. A character that a reviewer does not see may say to a model what no person
 * read: control, bidi, zero-width and the like are refused wherever they stand, in the keys of schemas too.
 */
export function toolTextFault({
  name,
  title,
  description,
  inputSchema,
  outputSchema,
}: ToolText): ToolTextFault | undefined {
  return (
    textFault(name, "/name", longest.name) ??
    textFault(title, "/title", longest.title) ??
    textFault(description, "/description", longest.description) ??
    schemaFault(inputSchema, "/inputSchema") ??
    (outputSchema ? schemaFault(outputSchema, "/outputSchema") : undefined)
  );
}

/** The first character that is not seen in what somebody is to review, however long it is; a `path` of "" is the whole. */
export function hiddenTextFault(value: Json, path = ""): ToolTextFault | undefined {
  return schemaFault(value, path, Number.POSITIVE_INFINITY);
}

function schemaFault(
  value: Json | undefined,
  path: string,
  most: number = longestInSchema,
): ToolTextFault | undefined {
  if (typeof value === "string") return textFault(value, path, most);
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const fault = textFault(key, path, most) ?? schemaFault(item, `${path}/${pointer(key)}`, most);
    if (fault) return fault;
  }
  return undefined;
}

function textFault(text: string, path: string, most: number): ToolTextFault | undefined {
  if (text.length > most) return { path, fault: `has ${text.length} characters, and ${most} is the most` };
  const hidden = hiddenCharacter(text);
  if (hidden === undefined) return undefined;
  const code = hidden.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
  return { path, fault: `has the character U+${code}, which is not seen` };
}

const isPlain = /^[ -~\n\t]*$/;
const control = /[\u{0}-\u{8}\u{b}-\u{1f}]/u;

/** Line feeds and tabs are seen; a carriage return hides what stands before it. Half a pair of surrogates is no character. */
function hiddenCharacter(text: string): string | undefined {
  if (isPlain.test(text)) return undefined;
  return control.exec(text)?.[0] ?? text.match(unseen)?.[0] ?? (text.isWellFormed() ? undefined : "\uFFFD");
}

/** RFC 6901, section 3. */
function pointer(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
