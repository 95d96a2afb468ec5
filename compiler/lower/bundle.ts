import type { Json, JsonSchema } from "../../schema/ir.ts";
import type { Finding, Report } from "../diagnostics.ts";
import type { Host } from "../host.ts";
import { read } from "../read/read.ts";
import { pointerText, toValue } from "../read/tree.ts";
import { schemaProblem } from "../validate/embedded-schema.ts";
import { Cursor } from "./cursor.ts";
import { toJson } from "./json.ts";
import {
  anchorPath,
  classifyReference,
  eachReference,
  embeddedSchemas,
  hasAnchor,
  isSchema,
  resolvesPointer,
} from "./schemas.ts";

/** Local schema files that a descriptor refers to, under the names they get in the IR. */
export interface BundledFiles {
  readonly schemas: ReadonlyMap<string, JsonSchema>;
  /** The same data with every file reference replaced by `#/schemas/<name>`. */
  bend(schema: Json): Json;
}

const noFiles: BundledFiles = { schemas: new Map(), bend: (schema) => schema };

/** Schema files that one descriptor may bring. */
const maxFiles = 1000;

/** Reads every schema file that is referred to, directly or from another file; problems are reported where the descriptor refers to it. */
export async function bundle(root: Cursor, host: Host | undefined, report: Report): Promise<BundledFiles> {
  const wanted: { readonly file: string; readonly fragment: string; readonly at: Cursor }[] = [];
  for (const schema of embeddedSchemas(root))
    eachReference(schema, (ref, at) => {
      const found = classifyReference(ref);
      if (found.kind === "file") wanted.push({ file: normal(found.file), fragment: found.fragment, at });
    });
  if (wanted.length === 0) return noFiles;
  const names = new Map<string, string>();
  const contents = new Map<string, Json>();
  const roots = new Map<string, Cursor>();
  const taken = new Set(
    root
      .at("schemas")
      .entries()
      .map(([name]) => name),
  );
  for (let next = wanted.shift(); next; next = wanted.shift()) {
    const { file, fragment, at } = next;
    const known = roots.get(file);
    if (known) reportFragment(known, file, fragment, at, report);
    if (names.has(file)) continue;
    if (names.size === maxFiles) {
      report({
        rule: "schema/file",
        path: at.path,
        message: `This descriptor refers to more than ${maxFiles} schema files, those that they refer to included.`,
        help: "Put the schemas together in fewer files, and refer into them: ./schemas.yaml#/$defs/ticket.",
      });
      break;
    }
    names.set(file, freshName(file, taken));
    const strange: string[] = [];
    const data = await readFile(file, host, strange);
    for (const message of strange)
      report({
        rule: "schema/unknown-keyword",
        path: at.path,
        message: `In ${file}: ${message}`,
        help: "Mend it in that file, or begin its name with `x-`.",
      });
    if ("problem" in data) {
      report({
        rule: "schema/file",
        path: at.path,
        message: `The schema file ${file} cannot be used: ${data.problem}`,
        help:
          taken.has(file) && root.at("schemas").has(file)
            ? `Write "#/schemas/${file}" for the shared schema.`
            : "Name a YAML or JSON file at or below the descriptor's folder.",
      } satisfies Finding);
      continue;
    }
    contents.set(file, data.json);
    roots.set(file, data.at);
    reportFragment(data.at, file, fragment, at, report);
    eachReference(data.at, (ref) => {
      const found = classifyReference(ref);
      if (found.kind === "file")
        wanted.push({ file: normal(`${folder(file)}${found.file}`), fragment: found.fragment, at });
    });
  }
  const schemas = new Map<string, JsonSchema>();
  for (const [file, json] of contents) {
    const bent = bendReferences(json, file, { names, roots });
    if (isSchema(bent)) schemas.set(names.get(file) ?? file, bent);
  }
  return { schemas, bend: (schema) => bendReferences(schema, undefined, { names, roots }) };
}

async function readFile(
  file: string,
  host: Host | undefined,
  strange: string[],
): Promise<{ readonly json: Json; readonly at: Cursor } | { readonly problem: string }> {
  if (!host) return { problem: "this descriptor was given as text, without a folder." };
  if (file.startsWith("../") || file.startsWith("/"))
    return { problem: "it is not at or below the descriptor's folder." };
  const text = await host.readText(file);
  if ("problem" in text) return text;
  const findings: Finding[] = [];
  const { documents } = read(
    text.text,
    file.endsWith(".json") ? "json" : "yaml",
    () => (finding) => findings.push(finding),
  );
  const [document] = documents;
  if (findings[0] || !document) return { problem: findings[0]?.message ?? "it is empty." };
  const invalid = schemaProblem(document.root, (keyword) => strange.push(keyword));
  if (invalid !== undefined) return { problem: `it is no valid JSON Schema: ${invalid}` };
  return { json: toJson(toValue(document.root)), at: new Cursor(document.root, []) };
}

/** A `$ref` into a file names something that is there. */
function reportFragment(root: Cursor, file: string, fragment: string, at: Cursor, report: Report): void {
  if (
    fragment === "" ||
    (fragment.startsWith("/") ? resolvesPointer(root, fragment.slice(1)) : hasAnchor(root, fragment))
  )
    return;
  report({
    rule: "reference/unknown-schema",
    path: at.path,
    message: `#${fragment} points at nothing in ${file}.`,
    help: "Mend the part behind the #.",
  });
}

function folder(file: string): string {
  return file.includes("/") ? file.slice(0, file.lastIndexOf("/") + 1) : "";
}

/** `a/./b/../c` as `a/c`; steps out of the folder stay visible. */
function normal(file: string): string {
  const parts: string[] = [];
  for (const part of file.split("/")) {
    if (part === "..") {
      if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
      else parts.push(part);
    } else if (part !== "." && (part !== "" || parts.length === 0)) parts.push(part);
  }
  return parts.join("/");
}

function freshName(file: string, taken: Set<string>): string {
  const base = (file.split("/").at(-1) ?? file).replace(/\.(json|ya?ml)$/, "").replace(/[^A-Za-z0-9_]/g, "_");
  let name = base;
  for (let count = 2; taken.has(name); count++) name = `${base}_${count}`;
  taken.add(name);
  return name;
}

/** What was bundled: the name of each file in the IR, and its content. */
interface Bundled {
  readonly names: ReadonlyMap<string, string>;
  readonly roots: ReadonlyMap<string, Cursor>;
}

function bendReferences(value: Json, file: string | undefined, bundled: Bundled): Json {
  if (Array.isArray(value)) return value.map((item: Json) => bendReferences(item, file, bundled));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, Json] => {
    if (key === "$ref" && typeof inner === "string") return [key, bendReference(inner, file, bundled)];
    return [key, bendReferences(inner, file, bundled)];
  });
  return Object.fromEntries(entries);
}

function bendReference(ref: string, file: string | undefined, { names, roots }: Bundled): string {
  const found = classifyReference(ref);
  if (found.kind === "file") {
    const target = normal(file === undefined ? found.file : `${folder(file)}${found.file}`);
    const name = names.get(target);
    return name === undefined ? ref : `#/schemas/${name}${pointerOf(found.fragment, roots.get(target))}`;
  }
  const own = file === undefined ? undefined : names.get(file);
  return own !== undefined && (found.kind === "inside" || found.kind === "shared")
    ? `#/schemas/${own}${pointerOf(ref.slice(1), file === undefined ? undefined : roots.get(file))}`
    : ref;
}

/** A fragment as a JSON Pointer: an anchor is one place of its file, and would mean nothing outside of it. */
function pointerOf(fragment: string, root: Cursor | undefined): string {
  if (fragment === "" || fragment.startsWith("/")) return fragment;
  const path = root && anchorPath(root, fragment);
  return path ? pointerText(path) : `#${fragment}`;
}
