/** Marks that another notation needs and that YAML takes for a part of a text, and blanks that nobody sees. */
import type { Finding } from "../diagnostics.ts";
import type { Entry, Pointer, ScalarNode, Span } from "../read/tree.ts";
import { isForPeople, isHeaderValue, isOurs } from "./our-texts.ts";

type Slip = Omit<Finding, "path">;

/** A comma behind a value, as between the entries of JSON; a text in the quotes of a word processor. */
export function strayMark({ value, style, span }: ScalarNode, path: Pointer): Slip | undefined {
  if (style !== "plain" || typeof value !== "string") return undefined;
  if (value.endsWith(",") && !isProse(path))
    return {
      rule: "yaml/stray-mark",
      span: { start: span.end - 1, end: span.end },
      message: "The comma at the end is a part of this text: nothing stands between the entries of a block.",
      label: "a part of the text",
      help: "Remove it, or put the whole text in quotes.",
      replace: "",
      ...gravity(path, span),
    };
  if (!/^[\u2018-\u201f\u00ab]/.test(value) || isForPeople(path)) return undefined;
  return {
    rule: "yaml/stray-mark",
    span,
    message: `${value.charAt(0)} is no quote of YAML: it is a part of this text.`,
    label: "begins with a typographic quote",
    help: "Write the straight quotes \" or '.",
    replace: JSON.stringify(value.replace(/^[\u2018-\u201f\u00ab]|[\u2018-\u201f\u00bb]$/g, "")),
    ...gravity(path, span),
  };
}

/** In what the language reads the mark cannot be meant: an error, from which follows what is found there. */
function gravity(path: Pointer, span: Span): Pick<Slip, "severity" | "covers" | "yields"> {
  return isOurs(path) ? { severity: "error", covers: [span] } : { yields: span };
}

/** Descriptions end as their authors left them. */
function isProse(path: Pointer): boolean {
  return isForPeople(path) && path.at(-1) !== "label" && path.at(-1) !== "summary";
}

/** `user:: name`: of two colons the first is a part of the key. */
export function strayColon({ key, keySpan }: Entry, owner: Pointer): Slip | undefined {
  // In quotes the key is longer in the source than as a value.
  if (!key.endsWith(":") || keySpan.end - keySpan.start !== key.length) return undefined;
  return {
    rule: "yaml/stray-mark",
    at: "key",
    span: { start: keySpan.end - 1, end: keySpan.end },
    message: `Two colons follow \`${key.slice(0, -1)}\`: the first of them is a part of the key.`,
    label: "a part of the key",
    help: "Remove one of them, or put the key in quotes.",
    replace: "",
    ...(isNamed(owner) ? { severity: "error", covers: [keySpan] } : { yields: keySpan }),
  };
}

/** Whether the keys of a map are names that others refer to, or words of a schema: unknown ones are no errors there. */
function isNamed(owner: Pointer): boolean {
  return owner.at(-1) === "extract" || owner.some((step) => schemaKeys.has(step));
}

const schemaKeys: ReadonlySet<string | number> = new Set(["schemas", "schema", "response_schema"]);

/** A blank at an end of what the language reads, or of a header's value, where it is cut off. */
export function outerBlank({ value, style, span }: ScalarNode, path: Pointer): Slip | undefined {
  const quote = style === "double" ? '"' : style === "single" ? "'" : undefined;
  if (typeof value !== "string" || quote === undefined) return undefined;
  const before = value.length - value.trimStart().length;
  const after = value.length - value.trimEnd().length;
  if (before + after === 0 || before === value.length || !/^ | $/.test(value)) return undefined;
  const isHeader = isHeaderValue(path);
  if (!isHeader && !isOurs(path)) return undefined;
  const place = before > 0 ? "beginning" : "end";
  return {
    rule: "yaml/outer-blank",
    span:
      before > 0
        ? { start: span.start, end: span.start + 1 + before }
        : { start: span.end - 1 - after, end: span.end },
    message: isHeader
      ? `The blank at the ${place} is not sent: it is no part of a header's value.`
      : `The blank at the ${place} is a part of this text.`,
    help: "Remove it.",
    replace: quote,
    yields: span,
  };
}
