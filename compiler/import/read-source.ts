/** Bytes of a foreign document to plain data, within bounds: whatever the bytes are, the answer is data or a sentence. */
import type { Finding } from "../diagnostics.ts";
import { readJson } from "../read/json.ts";
import { maxDepth } from "../read/limits.ts";
import { lineMap } from "../read/lines.ts";
import { readPlain } from "../read/plain/reader.ts";
import { type Node, toValue } from "../read/tree.ts";
import { readYaml } from "../read/yaml.ts";

/** Larger documents are refused: the largest descriptor holds a fraction of this. */
export const maxSourceBytes: number = 32 * 1024 * 1024;
/** YAML of rarer forms takes the parser of the whole language, which needs fifty times its size in memory. */
const maxWholeYaml = 8 * 1024 * 1024;

/** `problems` are slips that were read over, such as a key that stands twice. */
export type ReadSource =
  | { readonly data: unknown; readonly problems: readonly string[] }
  | { readonly problem: string };

/** Reads JSON or YAML (its first document). */
export function readSource(bytes: Uint8Array | string): ReadSource {
  if (bytes.length > maxSourceBytes)
    return { problem: `it is larger than ${maxSourceBytes / 1024 / 1024} MiB; import a part of it` };
  const text = decode(bytes);
  if (text === undefined) return { problem: "it is not UTF-8; save it as UTF-8" };
  if (text.includes("\0")) return { problem: "it is no text: it holds NUL bytes" };
  if (text.trim() === "") return { problem: "it is empty" };
  const json = /^\s*[{[]/.test(text) ? parseJson(text) : undefined;
  if (json?.isFinal) return { problem: json.problem };
  const read = json && "data" in json ? { data: json.data, problems: [] } : readYamlSource(text);
  if ("problem" in read) return json && "problem" in json ? { problem: json.problem } : read;
  return isTooDeep(read.data)
    ? { problem: `it is nested past ${maxSourceDepth} levels; no descriptor can be` }
    : read;
}

/** A schema of an API stands a few levels deeper in its source than in a descriptor. */
const maxSourceDepth: number = maxDepth + 50;

function decode(bytes: Uint8Array | string): string | undefined {
  try {
    const text = typeof bytes === "string" ? bytes : new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.startsWith("\uFEFF") ? text.slice(1) : text;
  } catch {
    return undefined;
  }
}

/** What is no JSON may be YAML in braces, unless its problem is final: a comment of JavaScript would be keys there. */
type JsonRead =
  | { readonly data: unknown; readonly isFinal?: false }
  | { readonly problem: string; readonly isFinal: boolean };

function parseJson(text: string): JsonRead {
  try {
    return { data: JSON.parse(text) };
  } catch {
    // The engine's sentence quotes the text, which may hold secrets: its place is enough.
    const at = jsonSlip(text);
    if (at === undefined) return { problem: "it is no valid JSON", isFinal: false };
    const { line, column } = lineMap(text).position(at);
    const place = `line ${line}, column ${column}`;
    return /^\/[/*]/.test(text.slice(at, at + 2))
      ? { problem: `it has a comment (${place}), and JSON has none: remove it`, isFinal: true }
      : { problem: `it is no valid JSON (${place})`, isFinal: false };
  }
}

/** Where the text ceases to be JSON. */
function jsonSlip(text: string): number | undefined {
  let at: number | undefined;
  readJson(text, ({ rule, span }) => {
    if (rule === "json/syntax") at ??= span?.start;
  });
  return at;
}

function readYamlSource(text: string): ReadSource {
  const findings: Finding[] = [];
  const hear = () => (finding: Finding) => findings.push(finding);
  const plain = readPlain(text, hear);
  if (typeof plain === "number" && text.length > maxWholeYaml)
    return {
      problem: `it is larger than ${maxWholeYaml / 1024 / 1024} MiB and uses rarer forms of YAML; give it as JSON`,
    };
  const roots = typeof plain === "number" ? readYaml(text, hear, true) : plain;
  const root: Node | undefined = roots[0]?.root;
  const lines = lineMap(text);
  const problems = findings.map(
    ({ message, span }) => `line ${lines.position(span?.start ?? 0).line}: ${message}`,
  );
  if (!root) return { problem: problems[0] ?? "it holds no document" };
  return { data: toValue(root), problems };
}

/** Without recursion: what is too deep for a descriptor may be too deep for the stack. */
function isTooDeep(data: unknown): boolean {
  let level: unknown[] = [data];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxSourceDepth) return true;
    const below: unknown[] = [];
    for (const one of level)
      if (typeof one === "object" && one !== null)
        for (const value of Object.values(one))
          if (typeof value === "object" && value !== null) below.push(value);
    level = below;
  }
  return false;
}
