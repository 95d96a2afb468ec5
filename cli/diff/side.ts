/** One side of a comparison: the connectors that OLD or NEW names, with the texts that they come from. */
import { existsSync } from "node:fs";
import { basename, dirname, extname, posix, resolve } from "node:path";
import { compileText } from "../../compiler/compile.ts";
import type { TextFormat } from "../../compiler/read/read.ts";
import type { Diagnostic } from "../../schema/diagnostic.ts";
import type { Connector } from "../../schema/ir.ts";
import { compileSource } from "../compile-source.ts";
import { CommandFailure } from "../failure.ts";
import { isGlob, isSkippedFolder } from "../find/glob.ts";
import { looksLikeDescriptor } from "../find/root-keys.ts";
import { findSources } from "../find/sources.ts";
import type { World } from "../world.ts";
import { type GitTree, openGitTree, type TreeEntry } from "./git.ts";
import { type GitAddress, parseGitAddress, pathInRepository } from "./git-address.ts";

/** A file of one side. */
export interface SideFile {
  /** As messages name it, such as `jira.yaml` or `main:jira.yaml`. */
  readonly name: string;
  readonly text: string;
  readonly format: TextFormat;
  /** Absolute path; absent for what is not on disk. */
  readonly path?: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly connectors: readonly { readonly ir: Connector; readonly document: number }[];
}

export interface Side {
  readonly files: readonly SideFile[];
  readonly problems: readonly string[];
  /** One file was named, not a folder or glob. */
  readonly single: boolean;
}

/** Reads NEW, or an OLD that is on disk. */
export async function readDisk(path: string, world: World): Promise<Side> {
  const { sources, problems } = findSources([path], world);
  const files: SideFile[] = [];
  const failed = [...problems];
  for (const source of sources) {
    const compiled = await compileSource(source, world);
    if ("problem" in compiled) failed.push(compiled.problem);
    else
      files.push({
        name: source.name,
        text: compiled.text,
        format: formatOf(source.path ?? ""),
        ...(source.path === undefined ? {} : { path: source.path }),
        diagnostics: compiled.diagnostics,
        connectors: compiled.connectors,
      });
  }
  return {
    files,
    problems: failed,
    single: sources.length === 1 && sources[0]?.path !== undefined && isFile(path, sources[0].path, world),
  };
}

/** Whether the words name that very file, with or without a slug: a folder with one descriptor is a folder. */
function isFile(words: string, path: string, world: World): boolean {
  return [words, words.slice(0, Math.max(0, words.lastIndexOf("#")))].some(
    (word) => word !== "" && resolve(world.cwd, word) === path,
  );
}

function formatOf(path: string): TextFormat {
  return extname(path).toLowerCase() === ".json" ? "json" : "yaml";
}

/** OLD: a path, or an address of git. Without a path of its own, it has that of NEW. */
export async function readOld(old: string, now: string, world: World): Promise<Side> {
  const address = parseGitAddress(old);
  if (!address) return readDisk(old, world);
  if (address.path !== undefined) return readGit(address, address.path, world.cwd, world);
  const { sources, problems } = findSources([now], world);
  const [source] = sources;
  if (!source || problems.length > 0)
    throw new CommandFailure(problems.join("; ") || `${now} names no descriptor`);
  if (source.path === undefined || source.name === "-")
    throw new CommandFailure(
      `${old} needs a path where NEW is standard input; write git:${address.revision}:path`,
    );
  const slug = address.slug ?? source.slug;
  const named = { ...address, ...(slug === undefined ? {} : { slug }) };
  if (isFile(now, source.path, world))
    return readGit(named, `./${basename(source.path)}`, dirname(source.path), world);
  const folder = resolve(world.cwd, now);
  if (isGlob(now) && !existsSync(folder))
    throw new CommandFailure(
      `${old} needs one file or folder as NEW; name the folder that ${now} looks into`,
    );
  return readGit(named, "./", folder, world);
}

async function readGit(address: GitAddress, path: string, folder: string, world: World): Promise<Side> {
  const tree = await openGitTree(folder, address.revision, world);
  const place = pathInRepository(tree.prefix, path);
  if (place === undefined) throw new CommandFailure(`${path} leaves the repository; name a file in it`);
  const entry = await tree.entry(place);
  const shown = place === "" || place === "." ? "the repository" : place;
  if (!entry)
    throw new CommandFailure(
      `there is no ${shown} at ${address.revision}; git:${address.revision}:path names a file that was called otherwise then`,
    );
  if (entry.kind === "folder") return readFolder(address, tree, entry);
  if (entry.kind !== "file")
    throw new CommandFailure(
      `${shown} is a ${entry.kind} at ${address.revision}; name the file that it leads to`,
    );
  const file = await readEntry(address, tree, entry);
  if ("problem" in file) return { files: [], problems: [file.problem], single: true };
  return { files: [narrowed(file, address)], problems: [], single: true };
}

async function readFolder(address: GitAddress, tree: GitTree, folder: TreeEntry): Promise<Side> {
  const files: SideFile[] = [];
  const problems: string[] = [];
  for (const entry of await tree.filesBelow(folder.path)) {
    const below = entry.path.slice(folder.path.length);
    if (entry.kind !== "file" || !/\.(?:ya?ml|json)$/i.test(entry.path)) continue;
    if (
      below
        .split("/")
        .slice(0, -1)
        .some((part) => part !== "" && isSkippedFolder(part))
    )
      continue;
    const bytes = await tree.read(entry);
    if ("problem" in bytes) problems.push(bytes.problem);
    else if (looksLikeDescriptor(new TextDecoder().decode(bytes)))
      files.push(await compileEntry(address, tree, entry, bytes));
  }
  return { files, problems, single: false };
}

async function readEntry(
  address: GitAddress,
  tree: GitTree,
  entry: TreeEntry,
): Promise<SideFile | { readonly problem: string }> {
  const bytes = await tree.read(entry);
  return "problem" in bytes ? bytes : compileEntry(address, tree, entry, bytes);
}

async function compileEntry(
  address: GitAddress,
  tree: GitTree,
  entry: TreeEntry,
  bytes: Uint8Array,
): Promise<SideFile> {
  const name = `${address.revision}:${entry.path}`;
  const format = formatOf(entry.path);
  const compiled = await compileText(bytes, {
    file: name,
    format,
    host: { readText: (file) => readBeside(tree, entry, file) },
  });
  return {
    name,
    text: compiled.text,
    format,
    diagnostics: compiled.diagnostics,
    connectors: compiled.connectors,
  };
}

/** A schema file of the same revision, at or below the descriptor's folder. */
async function readBeside(
  tree: GitTree,
  descriptor: TreeEntry,
  file: string,
): Promise<{ readonly text: Uint8Array } | { readonly problem: string }> {
  const folder = posix.dirname(descriptor.path);
  const path = posix.normalize(posix.join(folder, file));
  if (folder !== "." ? !path.startsWith(`${folder}/`) : path.startsWith("../") || path.startsWith("/"))
    return { problem: `${file} leaves the folder of the descriptor` };
  const entry = await tree.entry(path);
  if (!entry) return { problem: `${file} cannot be read: there is no such file at this revision` };
  if (entry.kind !== "file") return { problem: `${file} is no regular file` };
  const bytes = await tree.read(entry);
  return "problem" in bytes ? bytes : { text: bytes };
}

function narrowed(file: SideFile, { slug }: GitAddress): SideFile {
  if (slug === undefined) return file;
  const connectors = file.connectors.filter(({ ir }) => ir.slug === slug);
  const errors = file.diagnostics.filter(({ severity }) => severity === "error");
  if (connectors.length > 0) return { ...file, connectors, diagnostics: [] };
  if (errors.length > 0) return file;
  const slugs = file.connectors.map(({ ir }) => ir.slug).join(", ");
  throw new CommandFailure(`${file.name} has no connector with the slug ${slug}; it has ${slugs || "none"}`);
}
