import type { Finding, Report } from "../diagnostics.ts";
import { readJson } from "./json.ts";
import { maxFindings, maxJsonBytes, maxYamlBytes, TooManyFindings } from "./limits.ts";
import type { Node, Span } from "./tree.ts";
import { readYamlText } from "./yaml-text.ts";

export interface ReadDocument {
  readonly index: number;
  readonly root: Node;
  /** Where a value stands that an alias repeats. */
  readonly repeated?: readonly Span[];
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
  try {
    return { text, documents: readDocuments(text, format, report, refuse) };
  } catch (thrown) {
    if (!(thrown instanceof TooManyFindings)) throw thrown;
    return { text, documents: [] };
  }
}

function readDocuments(
  text: string,
  format: TextFormat,
  report: (document: number) => Report,
  refuse: (rule: "file/empty", message: string, help: string) => ReadResult,
): readonly ReadDocument[] {
  // JSON is YAML, but our own reader is many times faster and points better.
  const asJson: Finding[] = [];
  if (format === "json" || (text.trimStart().startsWith("{") && /^\s*\{\s*"/.test(text))) {
    const root = untilTooMany(() => readJson(text, (finding) => keep(asJson, finding)));
    if (root || format === "json") {
      for (const finding of asJson) report(0)(finding);
      return root ? [{ index: 0, root }] : [];
    }
  }
  const asYaml: [number, Finding][] = [];
  const documents =
    untilTooMany(() => readYamlText(text, (document) => (finding) => keep(asYaml, [document, finding]))) ??
    [];
  // JSON with a slip in it is no YAML either: then the slip is told in JSON's words, at its place.
  const slip = asJson.length > 0 && asYaml.some(([, { rule }]) => rule === "yaml/syntax");
  if (slip) for (const finding of asJson) report(0)(finding);
  else for (const [document, finding] of asYaml) report(document)(finding);
  const filled = documents.flatMap(({ root, repeated }, index) =>
    root ? [{ index, root, ...(repeated?.length ? { repeated } : {}) }] : [],
  );
  if (documents.every(({ empty }) => empty) && asYaml.length === 0)
    refuse(
      "file/empty",
      "This file holds nothing but comments.",
      "A descriptor has at least metadata, authentication and operations.",
    );
  return filled;
}

/** Findings are held back until it is clear whose words they are told in, but no more than will be told. */
function keep<T>(held: T[], finding: T): void {
  held.push(finding);
  if (held.length >= maxFindings) throw new TooManyFindings();
}

function untilTooMany<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (thrown) {
    if (!(thrown instanceof TooManyFindings)) throw thrown;
    return undefined;
  }
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
