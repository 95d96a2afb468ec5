import type { Body, BodyNode, Context, Hole } from "../../schema/ir.ts";
import { list } from "../../schema/language/spelling.ts";
import type { Finding } from "../diagnostics.ts";
import { nodeAt } from "../read/tree.ts";
import { quotingHole, unquotedHole } from "../validate/unquoted-hole.ts";
import { tellValueless } from "../validate/valueless.ts";
import type { Cursor } from "./cursor.ts";
import type { DeclaredParameter } from "./declared.ts";
import { parametersIn, wireName } from "./entries.ts";
import { given, toJson } from "./json.ts";
import type { Lowering } from "./lowering.ts";
import { bindName } from "./scope.ts";
import { lowerTemplate, type Place } from "./templates.ts";

type ContentType = Body["content_type"];

const mediaTypes: { readonly [T in ContentType]: string } = {
  json: "application/json",
  form: "application/x-www-form-urlencoded",
  multipart: "multipart/form-data",
  xml: "application/xml",
  text: "text/plain; charset=utf-8",
  binary: "application/octet-stream",
};

const contexts: { readonly [T in ContentType]: Context } = {
  json: "json",
  form: "form",
  multipart: "multipart",
  xml: "xml",
  text: "text",
  binary: "text",
};

/** `json`, `form` … or a media type, to the way the body is written and its Content-Type. */
export function contentType(
  text: string | undefined,
  fallback: ContentType = "json",
): { readonly content_type: ContentType; readonly media_type: string } {
  if (text === undefined) return { content_type: fallback, media_type: mediaTypes[fallback] };
  const name = text === "octet-stream" ? "binary" : text;
  if (isContentType(name)) return { content_type: name, media_type: mediaTypes[name] };
  const essence = text.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return { content_type: byEssence(essence), media_type: text };
}

function isContentType(text: string): text is ContentType {
  return Object.hasOwn(mediaTypes, text);
}

function byEssence(essence: string): ContentType {
  if (/[/+]json$/.test(essence)) return "json";
  if (/[/+]xml$/.test(essence)) return "xml";
  if (essence === "application/x-www-form-urlencoded") return "form";
  if (essence === "multipart/form-data") return "multipart";
  return essence.startsWith("text/") || essence === "application/graphql" ? "text" : "binary";
}

/** The body template, with the `location: body` parameters that no hole of it uses merged in. */
export function lowerBody(
  lowering: Lowering,
  at: Cursor,
  type: string | undefined,
  parameters: readonly DeclaredParameter[],
  { scope, owner, section }: Pick<Place, "scope" | "owner" | "section">,
): Body | undefined {
  if ((!at.exists && parameters.length === 0) || lowering.isBroken(at.path)) return undefined;
  const { content_type, media_type } = contentType(
    type,
    at.string() !== undefined && type === undefined ? "text" : "json",
  );
  const inBody: Place = { scope, owner, section, context: contexts[content_type] };
  const written = at.exists ? lowerNode(lowering, at, inBody) : undefined;
  if (at.exists && !written) return undefined;
  const used = written && parameters.length > 0 ? parametersOf(written) : undefined;
  const free = used ? parameters.filter(({ name }) => !used.has(name)) : parameters;
  const root = mergeParameters(lowering, at, written, free, inBody);
  if (root && !fitsType(root, content_type)) {
    const message = `${/^x/.test(content_type) ? "An" : "A"} ${content_type} body cannot be ${root.kind === "list" ? "a list" : root.kind === "object" ? "a map" : "a text"}.`;
    const help =
      content_type === "form" || content_type === "multipart"
        ? "Write it as a map of fields."
        : "Write it as one text with holes, or give it another `content_type`.";
    const [parameter] = parameters;
    const owner = at.path.slice(0, -1);
    const { node } = lowering.declared.root;
    const typePath = [...owner, "content_type"];
    const contentTypeAt = at.exists && node && nodeAt(node, typePath) ? typePath : undefined;
    const path = at.exists || !parameter ? at.path : [...parameter.at.path, "location"];
    lowering.report({
      rule: "operation/body-shape",
      path,
      ...(at.exists ? { at: "key" } : {}),
      ...(contentTypeAt ? { related: [{ path: contentTypeAt, message: "it is to be sent as this" }] } : {}),
      message,
      help,
    });
    return undefined;
  }
  if (content_type !== "form") return root && { content_type, media_type, root };
  return root && { content_type, media_type, root, ...given("deep", deepFields(root, parameters)) };
}

/** The fields of a form that hold a parameter whose lists are to be in brackets. */
function deepFields(root: BodyNode, parameters: readonly DeclaredParameter[]): readonly string[] | undefined {
  const deep = new Set(
    parameters.filter(({ at }) => at.at("style").string() === "deepObject").map(({ name }) => name),
  );
  if (deep.size === 0 || root.kind !== "object") return undefined;
  const isDeep = (node: BodyNode): boolean => [...parametersOf(node)].some((name) => deep.has(name));
  return root.entries.filter(({ value }) => isDeep(value)).map(({ key }) => key);
}

function isKnown(name: string, { scope, context }: Place): boolean {
  return "symbol" in bindName(name.split("."), scope, context);
}

/** Fields make a form; xml, text and binary bodies are one text; JSON may be anything. */
function fitsType({ kind }: BodyNode, type: ContentType): boolean {
  if (type === "json") return true;
  return type === "form" || type === "multipart" ? kind === "object" : kind !== "object" && kind !== "list";
}

function lowerNode(lowering: Lowering, at: Cursor, place: Place): BodyNode | undefined {
  const { node } = at;
  if (!node) return undefined;
  if (node.kind === "list") {
    const items = at.items().map((item) => lowerNode(lowering, item, place));
    return items.every((item) => item !== undefined) ? { kind: "list", items } : undefined;
  }
  if (node.kind === "map") {
    // `{ $raw: "…" }` takes a value as it stands.
    if (node.entries.length === 1 && node.entries[0]?.key === "$raw")
      return { kind: "literal", value: toJson(at.at("$raw").value()) };
    const name = unquotedHole(node);
    if (name !== undefined) {
      lowering.markUnresolved(place.owner);
      lowering.report({
        rule: "template/unquoted",
        path: at.path,
        message: `Without quotes this is a map with the key \`${name}\` and no value, not the value of \`${name}\`.`,
        help: `Write "{${name}}" in quotes.`,
        replace: `"{${name}}"`,
        ...(isKnown(name, place) ? { fix: quotingHole(name, node) } : {}),
      });
      return undefined;
    }
    tellValueless(node, at.path, (finding) => lowering.report(finding));
    const entries = at.entries().map(([key, value]) => ({ key, value: lowerNode(lowering, value, place) }));
    const whole: { key: string; value: BodyNode }[] = [];
    for (const { key, value } of entries) {
      if (!value) return undefined;
      whole.push({ key, value });
    }
    return { kind: "object", entries: whole };
  }
  if (typeof node.value !== "string") return { kind: "literal", value: node.value };
  return lowerText(lowering, at, place);
}

function lowerText(lowering: Lowering, at: Cursor, place: Place): BodyNode | undefined {
  const template = lowerTemplate(lowering, at, place);
  if (!template) return undefined;
  const [only] = template.parts;
  if (template.parts.length === 0) return { kind: "literal", value: "" };
  if (template.parts.length > 1) return { kind: "template", template };
  if (typeof only === "string") return { kind: "literal", value: only };
  return only ? { kind: "value", hole: only } : undefined;
}

function parametersOf(node: BodyNode): Set<string> {
  switch (node.kind) {
    case "literal":
      return new Set();
    case "template":
      return new Set(parametersIn(node.template));
    case "value":
      return new Set(parametersIn({ parts: [node.hole] }));
    case "object":
      return new Set(node.entries.flatMap(({ value }) => [...parametersOf(value)]));
    case "list":
      return new Set(node.items.flatMap((item) => [...parametersOf(item)]));
  }
}

type Mutable = { kind: "object"; entries: { key: string; value: BodyNode | Mutable }[] };

/** Body parameters stand at their wire name, or at their `body_path`, in the object. */
function mergeParameters(
  lowering: Lowering,
  at: Cursor,
  written: BodyNode | undefined,
  parameters: readonly DeclaredParameter[],
  place: Place,
): BodyNode | undefined {
  if (parameters.length === 0) return written;
  const [only] = parameters;
  if (
    !written &&
    only &&
    parameters.length === 1 &&
    place.context !== "json" &&
    place.context !== "form" &&
    place.context !== "multipart"
  )
    return { kind: "value", hole: holeOf(only, place.context) };
  if (written && written.kind !== "object") {
    // A hole that was meant is no hole: that was told, and this follows.
    if (lowering.hasUnresolved(place.owner.kind, place.owner.id)) return written;
    const message = `The body is no object: ${list(parameters.map(({ name }) => name))} ${parameters.length > 1 ? "have" : "has"} no place in it.`;
    const related = parameters.map((p) => ({
      path: [...p.at.path, "location"],
      message: "a body parameter",
    }));
    lowering.report({
      rule: "parameter/body-not-object",
      path: at.path,
      at: "key",
      message,
      help: "Use the parameters in holes of the body, or make the body an object.",
      related,
    });
    return undefined;
  }
  const root: Mutable = { kind: "object", entries: [...(written?.entries ?? [])] };
  for (const parameter of parameters) {
    const path = placeInBody(parameter);
    if (!insert(root, path, { kind: "value", hole: holeOf(parameter, place.context) })) {
      if (isToldElsewhere(root, path, parameter, parameters)) continue;
      const key = parameter.at.has("body_path") ? "body_path" : "name";
      lowering.report({
        rule: "parameter/body-conflict",
        path: [...parameter.at.path, key],
        label: "would stand at the same place",
        related: [standing(at, parameters, parameter, path)],
        message: `The body already has a value at \`${path.join(".")}\`.`,
        help: "Give the parameter another `wire_name` or `body_path`, or use it in a hole of the body.",
      });
    }
  }
  return root;
}

/**
 * True where another finding says the same: `a: "{{a}}"`, which is no use of the parameter (`template/mustache`), or a
 * second parameter of the very same name.
 */
function isToldElsewhere(
  root: Mutable,
  path: readonly string[],
  { name }: DeclaredParameter,
  parameters: readonly DeclaredParameter[],
): boolean {
  if (parameters.filter((one) => one.name === name).length > 1) return true;
  let at: BodyNode | Mutable | undefined = root;
  for (const key of path)
    at = at?.kind === "object" ? at.entries.find((one) => one.key === key)?.value : undefined;
  return at?.kind === "literal" && at.value === `{${name}}`;
}

/** What stands at the parameter's place: another parameter, or what the body itself says. */
function standing(
  body: Cursor,
  parameters: readonly DeclaredParameter[],
  parameter: DeclaredParameter,
  path: readonly string[],
): NonNullable<Finding["related"]>[number] {
  const message = "this stands there already";
  const other = parameters.find((one) => one !== parameter && placeInBody(one).join(".") === path.join("."));
  if (other) return { path: [...other.at.path, other.at.has("body_path") ? "body_path" : "name"], message };
  return { path: [...body.path, path[0] ?? ""], at: "key", message };
}

function placeInBody(parameter: DeclaredParameter): readonly string[] {
  return parameter.at.at("body_path").string()?.split(".") ?? [wireName(parameter)];
}

function insert(root: Mutable, path: readonly string[], value: BodyNode): boolean {
  let target = root;
  for (const key of path.slice(0, -1)) {
    const index = target.entries.findIndex((entry) => entry.key === key);
    const existing = target.entries[index]?.value;
    if (existing && existing.kind !== "object") return false;
    const next: Mutable = { kind: "object", entries: existing ? [...existing.entries] : [] };
    if (existing) target.entries[index] = { key, value: next };
    else target.entries.push({ key, value: next });
    target = next;
  }
  const last = path.at(-1) ?? "";
  if (target.entries.some((entry) => entry.key === last)) return false;
  target.entries.push({ key: last, value });
  return true;
}

function holeOf(parameter: DeclaredParameter, context: Context): Hole {
  return {
    kind: "ref",
    symbol: { kind: "parameter", name: parameter.name },
    context,
    optional: !parameter.required && !parameter.hasDefault,
    secret: parameter.type === "secret" || parameter.type === "password",
    type: parameter.type,
  };
}
