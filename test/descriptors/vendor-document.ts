import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Document, OpenAPIBackend } from "openapi-backend";
import { parse } from "yaml";
import type { ReceivedRequest } from "../../runtime/testing/index.ts";

const folder = new URL("../../../shared/corpus/openapi/", import.meta.url);

/** Path of a vendor's document, or undefined (with a warning) where the corpus is not at hand. */
export function vendorDocument(file: string): string | undefined {
  const path = fileURLToPath(new URL(file, folder));
  if (existsSync(path)) return path;
  console.warn(`SKIPPED: the vendor document ${file} is not at hand (expected beside the repository)`);
  return undefined;
}

/** What a foreign validator finds wrong with a request, by the vendor's own document. */
export interface VendorJudge {
  /** The vendor's name for the operation; undefined where its document has none such. */
  operationOf(request: Pick<ReceivedRequest, "method" | "path">): string | undefined;
  complaints(request: ReceivedRequest): readonly string[];
}

/**
 * Reads the document, keeps the paths that fit (the whole of it takes seconds to prepare) and gives it to a
 * validator that knows nothing of ours.
 */
export async function createVendorJudge(file: string, keep: (path: string) => boolean): Promise<VendorJudge> {
  const text = readFileSync(file, "utf8");
  // The vendor's own document; the validator reads it as such.
  const whole = (
    file.endsWith(".yaml") ? requestsOf(text, keep) : JSON.parse(text, withoutIdleNullable)
  ) as Document;
  const isForm = file.endsWith(".yaml");
  const paths = Object.fromEntries(Object.entries(whole.paths ?? {}).filter(([path]) => keep(path)));
  const definition = { ...whole, paths, components: reachable(whole, paths) } as Document;
  const api = new OpenAPIBackend({
    definition,
    quick: true,
    validate: true,
    // A form has texts alone: what they stand for is for its reader to say.
    ajvOpts: { strict: false, validateFormats: false, coerceTypes: isForm },
  });
  await api.init();
  const operationOf: VendorJudge["operationOf"] = ({ method, path }) => {
    try {
      return api.router.matchOperation({ method, path, headers: {} })?.operationId;
    } catch {
      return undefined;
    }
  };
  return {
    operationOf,
    complaints: (request) => {
      const { valid, errors } = api.validateRequest({
        method: request.method,
        path: request.target,
        headers: Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, value ?? ""]),
        ),
        ...(request.text === "" ? {} : { body: isForm ? readForm(request.text) : request.text }),
      });
      const found = (errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
      return valid ? [] : found.length > 0 ? found : ["refused"];
    },
  };
}

/** `nullable` has no effect without `type` (OpenAPI 3.0.3, section 4.7.24.1), and ajv will not have it there. */
function withoutIdleNullable(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("nullable" in value) || "type" in value) return value;
  const { nullable: _idle, ...rest } = value;
  return rest;
}

/** The components that the paths refer to, directly or through others. */
function reachable(whole: Document, paths: unknown): Record<string, Record<string, unknown>> {
  const kept: Record<string, Record<string, unknown>> = {};
  const pending: unknown[] = [paths];
  while (pending.length > 0) {
    for (const ref of references(pending.pop())) {
      const [, , kind = "", name = ""] = ref.split("/");
      if (Object.hasOwn(kept[kind] ?? {}, name)) continue;
      const component: unknown = Reflect.get(Object(Reflect.get(Object(whole.components), kind)), name);
      kept[kind] = { ...kept[kind], [name]: component };
      pending.push(component);
    }
  }
  return kept;
}

function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "$ref" && typeof inner === "string" && inner.startsWith("#/components/")
      ? [inner]
      : references(inner),
  );
}

/** True for the path templates that one of these ends with or equals, whatever their holes are called. */
export function samePath(template: string, path: string): boolean {
  const blank = (text: string): string => text.replace(/\{[^}]*\}/g, "{}");
  return blank(template) === blank(path);
}

/**
 * What a YAML document of several megabytes says of the requests to some paths. Each path is a block of its own, so that the
 * rest need not be parsed; answers, and the schemas that they alone refer to, are left out.
 */
function requestsOf(text: string, keep: (path: string) => boolean): unknown {
  const [, ...blocks] = text.slice(text.search(/^paths:$/m)).split(/^(?= {2}['"]?\/)/m);
  const kept = blocks.filter((block) => keep(block.slice(2, block.indexOf(":\n")).replace(/['"]/g, "")));
  const paths: unknown = parse(kept.join("").split(/^(?=\S)/m)[0] ?? "", {
    reviver: (key, value) => (key === "responses" ? {} : value),
  });
  return { openapi: "3.0.3", info: { title: "requests", version: "1" }, paths };
}

/** A form whose names are nested in brackets, as PHP and Rails read it: `a[b]=1`, `a[]=1`, `a[0][b]=1`. */
export function readForm(text: string): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const [first = "", ...inner] = name.split("[").map((part) => part.replace(/\]$/, ""));
    const keys = [first, ...inner];
    let at: Record<string, unknown> = root;
    for (const key of keys.slice(0, -1)) at = childOf(at, key);
    const last = keys.at(-1) ?? "";
    at[last === "" ? String(Object.keys(at).length) : last] = value;
  }
  return Object.fromEntries(Object.entries(root).map(([key, value]) => [key, withLists(value)]));
}

function childOf(parent: Record<string, unknown>, key: string): Record<string, unknown> {
  const child = parent[key];
  // Made here and nowhere else.
  if (typeof child === "object" && child !== null) return child as Record<string, unknown>;
  const made: Record<string, unknown> = {};
  parent[key] = made;
  return made;
}

/** A map whose keys count from 0 is a list. */
function withLists(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, withLists(inner)] as const);
  const isList = entries.length > 0 && entries.every(([key], index) => key === String(index));
  return isList ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}
