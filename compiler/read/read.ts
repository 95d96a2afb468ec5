import type { Finding, Report } from "../diagnostics.ts";
import { readJson } from "./json.ts";
import { maxJsonBytes, maxYamlBytes } from "./limits.ts";
import type { Node } from "./tree.ts";
import { readYaml } from "./yaml.ts";

export interface ReadDocument {
  readonly index: number;
  readonly root: Node;
}

export interface ReadResult {
  /** The text that positions refer to: decoded, without a byte order mark. */
  readonly text: string;
  readonly documents: readonly ReadDocument[];
}

export type TextFormat = "yaml" | "json";

/**
 * Bytes or text of one file to a tree for each of its documents. Content at fault (empty, not UTF-8, too large,
 * no text) is a finding at the start of the file.
 */
export function read(
  input: string | Uint8Array,
  format: TextFormat,
  report: (document: number) => Report,
): ReadResult {
  const refuse = (
    rule: "file/empty" | "file/encoding" | "file/too-large" | "file/not-text",
    message: string,
    help: string,
  ): ReadResult => {
    report(0)({ rule, path: [], span: { start: 0, end: 0 }, message, help });
    return { text: "", documents: [] };
  };
  const limit = format === "json" ? maxJsonBytes : maxYamlBytes;
  if (input.length > limit)
    return refuse(
      "file/too-large",
      `This file is larger than ${limit / 1024 / 1024} MiB.`,
      "Split it into several connectors, or move schemas to files of their own.",
    );
  const isBinary = typeof input === "string" ? input.includes("\0") : input.includes(0);
  if (isBinary && !isUtf16(input))
    return refuse(
      "file/not-text",
      "This file is not a text file: it holds NUL bytes.",
      "Name a YAML or JSON descriptor.",
    );
  const decoded = typeof input === "string" ? input : decode(input);
  if (decoded === undefined) return refuse("file/encoding", "This file is not UTF-8.", "Save it as UTF-8.");
  const text = decoded.startsWith("\uFEFF") ? decoded.slice(1) : decoded;
  if (text.trim() === "")
    return refuse(
      "file/empty",
      "This file is empty.",
      "A descriptor has at least metadata, authentication and operations.",
    );
  return { text, documents: readDocuments(text, format, report, refuse) };
}

function readDocuments(
  text: string,
  format: TextFormat,
  report: (document: number) => Report,
  refuse: (rule: "file/empty", message: string, help: string) => ReadResult,
): readonly ReadDocument[] {
  // JSON is YAML, but our own reader is many times faster and points better.
  const asJson: Finding[] = [];
  if (format === "json" || /^\s*\{\s*"/.test(text)) {
    const root = readJson(text, (finding) => asJson.push(finding));
    if (root || format === "json") {
      for (const finding of asJson) report(0)(finding);
      return root ? [{ index: 0, root }] : [];
    }
  }
  const asYaml: [number, Finding][] = [];
  const documents = readYaml(text, (document) => (finding) => asYaml.push([document, finding]));
  // JSON with a slip in it is no YAML either: then the slip is told in JSON's words, at its place.
  const slip = asJson.length > 0 && asYaml.some(([, { rule }]) => rule === "yaml/syntax");
  if (slip) for (const finding of asJson) report(0)(finding);
  else for (const [document, finding] of asYaml) report(document)(finding);
  const filled = documents.flatMap(({ root }, index) => (root ? [{ index, root }] : []));
  if (documents.every(({ empty }) => empty))
    refuse(
      "file/empty",
      "This file holds nothing but comments.",
      "A descriptor has at least metadata, authentication and operations.",
    );
  return filled;
}

/** By its byte order mark (RFC 2781): a text, but not in UTF-8. */
function isUtf16(input: string | Uint8Array): boolean {
  if (typeof input === "string") return false;
  return (input[0] === 0xff && input[1] === 0xfe) || (input[0] === 0xfe && input[1] === 0xff);
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
