/** A baseline on disk: JSON with one finding a line, in a fixed order, so that its history reads as a list. */
import { readFileSync } from "node:fs";
import { fileReason } from "../../compiler/disk-host.ts";
import { CommandFailure } from "../failure.ts";
import { jsonText } from "../report/escape.ts";

/** A finding without line numbers: what is edited elsewhere in the file does not change it. */
export interface KnownFinding {
  /** Counted from the baseline's folder, with forward slashes. */
  readonly file: string;
  /** The slug, in a file of several documents. */
  readonly document?: string;
  readonly rule: string;
  /** JSON Pointer with items of lists by their id. */
  readonly at: string;
  readonly message: string;
  /** How many there are of it; 1 when left out. */
  readonly count?: number;
}

/** Two findings of one key are the same to a baseline. */
export function keyOf({ file, document, rule, at, message }: KnownFinding): string {
  return JSON.stringify([file, document ?? "", at, rule, message]);
}

/** Reads a baseline; undefined where there is no such file. What is none ends the command. */
export function readBaseline(path: string, name: string): readonly KnownFinding[] | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new CommandFailure(`cannot open the baseline ${name}: ${fileReason(error)}; check the path`);
  }
  const findings = parse(text);
  if (findings) return findings;
  throw new CommandFailure(
    `${name} is no baseline that this version can read; name another file, or remove it and write it anew with --update-baseline`,
  );
}

function parse(text: string): readonly KnownFinding[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || value.version !== 1 || !Array.isArray(value.findings)) return undefined;
  const findings: unknown[] = value.findings;
  return findings.every(isKnownFinding) ? findings : undefined;
}

function isKnownFinding(value: unknown): value is KnownFinding {
  if (!isObject(value)) return false;
  const { file, document, rule, at, message, count } = value;
  return (
    [file, rule, at, message].every((one) => typeof one === "string") &&
    (document === undefined || typeof document === "string") &&
    (count === undefined || (Number.isSafeInteger(count) && Number(count) > 0))
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text of a baseline: sorted, and the same for the same findings. */
export function baselineText(findings: readonly KnownFinding[]): string {
  const sorted = findings
    .map((finding) => ({ key: keyOf(finding), finding }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const lines = sorted.map(({ finding }) => `  ${jsonText(finding)}`);
  const list = lines.length === 0 ? "[]" : `[\n${lines.join(",\n")}\n]`;
  return `{"version": 1, "findings": ${list}}\n`;
}
