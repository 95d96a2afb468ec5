/**
 * The part of a YAML document that a completion needs: of operations and shared schemas in which the cursor does not
 * stand, their names are enough. So a key in a document of 2 MB is answered as fast as in a small one.
 */
import { lineStart } from "./cursor-context.ts";

export interface Window {
  readonly text: string;
  readonly offset: number;
  /** What an offset in the window, near the cursor, is less than in the whole text. */
  readonly shift: number;
}

/** Smaller texts are taken whole. */
const largeFrom = 6_000;

export function windowAround(text: string, offset: number): Window {
  if (text.length < largeFrom || /^\s*[{[]/.test(text)) return { text, offset, shift: 0 };
  const parts: string[] = [];
  let removed = 0;
  const inTools = text.slice(0, offset).lastIndexOf("\nmcp_config:") >= 0;
  const wanted = inTools ? mappedOperation(text, offset) : undefined;
  for (const piece of pieces(text)) {
    const holdsCursor = piece.start <= offset && offset <= piece.end;
    const whole = text.slice(piece.start, piece.end);
    const isWhole = piece.kind === "other" || holdsCursor || isOperation(whole, wanted);
    const kept = isWhole ? whole : outline(whole, piece.kind, inTools);
    parts.push(kept);
    if (piece.end <= offset && !holdsCursor) removed += whole.length - kept.length;
  }
  return { text: parts.join(""), offset: offset - removed, shift: removed };
}

interface Piece {
  readonly kind: "operation" | "schema" | "other";
  readonly start: number;
  readonly end: number;
}

/** Items of `operations` and entries of `schemas`, and all that is between them. */
function pieces(text: string): readonly Piece[] {
  const found: Piece[] = [];
  let kind: Piece["kind"] = "other";
  let indent: string | undefined;
  let start = 0;
  const close = (end: number): void => {
    if (end > start) found.push({ kind: indent === undefined ? "other" : kind, start, end });
    start = end;
  };
  for (const { 0: line, index } of text.matchAll(/[^\r\n]*(?:\r\n|\n|\r|$)/g)) {
    if (line === "") continue;
    if (/^[^\s#-]/.test(line)) {
      close(index);
      indent = undefined;
      kind = line.startsWith("operations:") ? "operation" : line.startsWith("schemas:") ? "schema" : "other";
      continue;
    }
    if (kind === "other") continue;
    const opens = (kind === "operation" ? /^( *)- / : /^( +)[^\s#]/).exec(line);
    if (!opens || (indent !== undefined && opens[1] !== indent)) continue;
    close(index);
    indent = opens[1];
  }
  close(text.length);
  return found;
}

/** The lines that name a thing, so that it can still be referred to; operations are by tools alone. */
function outline(piece: string, kind: Piece["kind"], inTools: boolean): string {
  if (kind === "operation" && !inTools) return "";
  const lines = piece.match(/[^\r\n]*(?:\r\n|\n|\r|$)/g) ?? [];
  const [first = ""] = lines;
  if (kind === "schema") return first.replace(/^( +(?:"[^"]*"|'[^']*'|[^\s:]+):)[^\r\n]*/, "$1 {}");
  const indent = /^( *)- +/.exec(first)?.[0].length ?? 0;
  const named = lines.filter((line, index) => {
    const field = line.slice(indent);
    const isOwn = index === 0 || line.slice(0, indent).trim() === "";
    return isOwn && /^(?:operation_id|method|summary):[^|>]*$/.test(field.replace(/[\r\n]+$/, ""));
  });
  // The dash must stay, whatever the first key is.
  return named[0] === first ? named.join("") : `${first.slice(0, indent)}x-first: 0\n${named.join("")}`;
}

/** With the cursor in a tool's mapping, the operation whose parameters it may name. */
function mappedOperation(text: string, offset: number): string | undefined {
  const section = text.lastIndexOf("\nmcp_config:", offset);
  if (section < 0) return undefined;
  const before = text.slice(section, lineStart(text, offset));
  return [...before.matchAll(/operation_id: *["']?(\w+)/g)].at(-1)?.[1];
}

function isOperation(piece: string, id: string | undefined): boolean {
  return id !== undefined && new RegExp(`operation_id: *["']?${id}\\b`).test(piece.slice(0, 2000));
}
