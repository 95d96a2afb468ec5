/** `--auto-bump`: the next version written into a descriptor, which keeps every other character. */
import { randomBytes } from "node:crypto";
import { chmod, lstat, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileReason } from "../../compiler/disk-host.ts";
import { read } from "../../compiler/read/read.ts";
import { child, entry, type MapNode, type Node, type ScalarNode } from "../../compiler/read/tree.ts";
import { CommandFailure } from "../failure.ts";
import type { SideFile } from "./side.ts";

/** A new version for one document of a file. */
export interface Bump {
  readonly document: number;
  readonly version: string;
}

/** The text with its versions raised; undefined where a document has no place for one. */
export function bumpText(
  text: string,
  format: SideFile["format"],
  bumps: readonly Bump[],
): string | undefined {
  const { documents, text: decoded } = read(text, format, () => () => {});
  let result = decoded;
  // From the end, so that earlier places stay where they are.
  for (const { document, version } of [...bumps].sort((a, b) => b.document - a.document)) {
    const root = documents.find(({ index }) => index === document)?.root;
    const edited = root && bumpDocument(result, root, version);
    if (edited === undefined) return undefined;
    result = edited;
  }
  return result;
}

function bumpDocument(text: string, root: Node, version: string): string | undefined {
  const metadata = child(root, "metadata");
  if (metadata?.kind !== "map") return undefined;
  const known = entry(metadata, "version")?.value;
  if (known === undefined) return addVersion(text, metadata, version);
  if (known.kind !== "scalar") return undefined;
  return splice(text, known.span.start, known.span.end, written(text, known, version));
}

/** In the quotes that the author chose. A plain version is text in YAML, as it has two dots. */
function written(text: string, { span, style }: ScalarNode, version: string): string {
  const source = text.slice(span.start, span.end);
  // A key with nothing behind its colon.
  if (source === "" && text[span.start - 1] === ":") return ` ${version}`;
  // An anchor or tag, where the span holds one, stays.
  const before = /^(?:[&!]\S*\s+)*/.exec(source)?.[0] ?? "";
  const block = /^[|>][+-]?\d?.*\r?\n(\s*)/.exec(source.slice(before.length));
  if (style === "double") return `${before}"${version}"`;
  if (style === "single") return `${before}'${version}'`;
  return block ? `${before}"${version}"${/\r?\n$/.exec(source)?.[0] ?? ""}` : `${before}${version}`;
}

/** Before the key that comes behind the slug, or else at the end of the map's first entry. */
function addVersion(text: string, metadata: MapNode, version: string): string | undefined {
  const anchor = entry(metadata, "slug") ?? metadata.entries[0];
  if (!anchor) return undefined;
  const { start } = anchor.keySpan;
  const isFlow = text[metadata.span.start] === "{";
  const quoted = text[start] === '"' ? '"' : text[start] === "'" ? "'" : "";
  const key = `${quoted}version${quoted}`;
  const value = isFlow && quoted === '"' ? `"${version}"` : version;
  const line = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  // A key alone in its line has its indentation before it; in a flow on one line, a comma and a blank follow.
  const ownLine = /^[ \t]*$/.test(line);
  const newline = /\r\n|\n|\r/.exec(text)?.[0] ?? "\n";
  const between = ownLine ? `${isFlow ? "," : ""}${newline}${line}` : isFlow ? ", " : undefined;
  // A key behind `?` has no place before it.
  if (between === undefined) return undefined;
  return splice(text, start, start, `${key}: ${value}${between}`);
}

function splice(text: string, start: number, end: number, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

/** Replaces a file as a whole, with its mode; a link stays one, and what it leads to changes. */
export async function replaceFile(path: string, name: string, text: string): Promise<void> {
  try {
    const target = (await lstat(path)).isSymbolicLink() ? await realpath(path) : path;
    const { mode } = await stat(target);
    // The byte order mark is no part of what was compared, and stays.
    const mark = (await readFile(target)).subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))
      ? "\ufeff"
      : "";
    const draft = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}.draft`);
    try {
      await writeFile(draft, mark + text, { flag: "wx", mode: mode & 0o777 });
      // The mask of the process may have taken bits away.
      await chmod(draft, mode & 0o7777);
      await rename(draft, target);
    } catch (error) {
      await rm(draft, { force: true }).catch(() => {});
      throw error;
    }
  } catch (error) {
    throw new CommandFailure(
      `cannot write ${name}: ${fileReason(error)}; check its permissions and those of its folder`,
    );
  }
}
