/** The files of a document and the references between them. Nothing is read but local files, and none outside of its folder. */
import { basename } from "node:path";
import type { Host } from "../../host.ts";
import type { Notes } from "../notes.ts";
import { at, isMap } from "../plain-data.ts";
import { readSource } from "../read-source.ts";
import type { Located } from "./model.ts";

/** Bounds on what one document may bring along. */
const maxFiles = 2000;
const maxTotal = 64 * 1024 * 1024;
/** Longer chains of references are circles. */
const maxHops = 50;

/** Below these keys stands data, whose `$ref`s refer to nothing. */
const dataKeys: ReadonlySet<string> = new Set(["example", "examples", "default", "enum", "const", "value"]);

/** Resolves references between files that have all been read. */
export class Source {
  readonly #files: ReadonlyMap<string, unknown>;

  constructor(files: ReadonlyMap<string, unknown>) {
    this.#files = files;
  }

  /** Where a value leads: itself, or what its chain of `$ref`s ends at; undefined where that is nowhere. */
  follow(from: Located): Located | undefined {
    let here: Located | undefined = from;
    for (let hops = 0; here && hops < maxHops; hops++) {
      const reference: unknown = at(here.value, "$ref");
      if (typeof reference !== "string") return here;
      here = this.target(reference, here.file);
    }
    return undefined;
  }

  /** What a reference that stands in `file` points at. */
  target(reference: string, file: string): Located | undefined {
    const [path = "", pointer = ""] = split(reference);
    const name = path === "" ? file : resolvePath(file, path);
    if (name === undefined || !this.#files.has(name)) return undefined;
    let value = this.#files.get(name);
    for (const part of pointerParts(pointer)) {
      value = Array.isArray(value) ? value[Number(part)] : at(value, part);
      if (value === undefined) return undefined;
    }
    return { value, file: name, at: pointer };
  }
}

/** Reads what the document refers to, transitively; what cannot be had is a note. */
export async function openSource(
  document: unknown,
  name: string,
  host: Host | undefined,
  notes: Notes,
): Promise<Source> {
  const files = new Map<string, unknown>([["", document]]);
  const own = basename(name);
  let total = 0;
  const open: string[] = [""];
  for (let file = open.pop(); file !== undefined; file = open.pop())
    for (const reference of fileReferences(files.get(file))) {
      const target = resolvePath(file, split(reference)[0] ?? "");
      if (target === undefined) {
        notes.lose(reference, "This reference leads out of the source, and nothing is fetched.");
        continue;
      }
      if (files.has(target)) continue;
      if (target === own) {
        files.set(target, document);
        continue;
      }
      const read = await readFile(target, host, files.size < maxFiles && total < maxTotal);
      if ("problem" in read) notes.lose(reference, `This file is not used: ${read.problem}.`);
      else {
        total += read.size;
        open.push(target);
      }
      files.set(target, "problem" in read ? undefined : read.data);
    }
  return new Source(files);
}

async function readFile(
  file: string,
  host: Host | undefined,
  hasRoom: boolean,
): Promise<{ readonly data: unknown; readonly size: number } | { readonly problem: string }> {
  if (!host) return { problem: "the document was given as text, without a folder" };
  if (!hasRoom)
    return { problem: `a document may bring ${maxFiles} files and ${maxTotal / 1024 / 1024} MiB` };
  const found = await host.readText(file);
  if ("problem" in found) return found;
  const read = readSource(found.text);
  return "problem" in read ? read : { data: read.data, size: found.text.length };
}

/** Every `$ref` to another file, each once. */
function fileReferences(document: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  const open: unknown[] = [document];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (Array.isArray(value)) for (const item of value) if (isObject(item)) open.push(item);
    if (!isMap(value)) continue;
    const reference = at(value, "$ref");
    if (typeof reference === "string" && !reference.startsWith("#")) found.add(reference);
    for (const [key, inner] of Object.entries(value))
      if (isObject(inner) && !key.startsWith("x-") && !(dataKeys.has(key) && !isSchemaLike(inner)))
        open.push(inner);
  }
  return found;
}

/** A property may be called `example`: then a schema stands below the key. */
function isSchemaLike(value: unknown): boolean {
  return isMap(value) && !Object.hasOwn(value, "value") && typeof at(value, "type") === "string";
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function split(reference: string): readonly [path: string, pointer: string] {
  const hash = reference.indexOf("#");
  return hash < 0 ? [reference, ""] : [reference.slice(0, hash), reference.slice(hash + 1)];
}

/** A path relative to the root's folder; undefined for other machines, other drives and ways out. */
function resolvePath(from: string, path: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(path) || path.startsWith("/") || path.includes("\\")) return undefined;
  const parts = from.includes("/") ? from.slice(0, from.lastIndexOf("/")).split("/") : [];
  for (const part of decode(path).split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

/** The parts of a JSON Pointer in a URI fragment (RFC 6901, section 6). */
export function pointerParts(pointer: string): readonly string[] {
  if (!pointer.startsWith("/")) return pointer === "" ? [] : [pointer];
  return pointer
    .slice(1)
    .split("/")
    .map((part) => decode(part).replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** One more part of a JSON Pointer. */
export function below(pointer: string, ...keys: readonly (string | number)[]): string {
  return pointer + keys.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
