import type { Context, Entry, Hole, ParameterEntry, ParameterStyle, Template } from "../../schema/ir.ts";
import type { Cursor } from "./cursor.ts";
import type { DeclaredParameter } from "./declared.ts";
import type { Lowering } from "./lowering.ts";
import { lowerTemplate, type Place } from "./templates.ts";

/** A map of names to templates: headers, query entries, cookies. A null value is no entry. */
export function lowerEntries(lowering: Lowering, map: Cursor, place: Place): Entry[] {
  if (map.size === 0) return [];
  const entries: Entry[] = [];
  const within: Place = place.context === "query" ? { ...place, literal: encodeQueryText } : place;
  for (const [name, at] of map.entries()) {
    if (at.scalar?.value === null) continue;
    const value = lowerTemplate(lowering, at, within);
    if (value) entries.push({ kind: "template", name, value });
  }
  return entries;
}

/** Literal text of a query value, in the form that a URL needs (RFC 3986, section 3.4). */
function encodeQueryText(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** Own entries win over defaults of the same name; header names are told apart without case (RFC 9110, section 5.1). */
export function overDefaults(own: readonly Entry[], defaults: readonly Entry[], context: Context): Entry[] {
  if (defaults.length === 0) return [...own];
  const key = (entry: Entry): string => (context === "header" ? entry.name.toLowerCase() : entry.name);
  const taken = new Set(own.map(key));
  return [...defaults.filter((entry) => !taken.has(key(entry))), ...own];
}

const styles: readonly string[] = [
  "form",
  "spaceDelimited",
  "pipeDelimited",
  "deepObject",
  "simple",
  "label",
  "matrix",
  "flag",
];

/** A parameter's entry with OpenAPI's defaults: `form` exploded in query and cookie, `simple` elsewhere. */
export function parameterEntry(parameter: DeclaredParameter): ParameterEntry {
  const fallback: ParameterStyle =
    parameter.location === "query" || parameter.location === "cookie" ? "form" : "simple";
  const given = parameter.at.at("style").string();
  const style = given !== undefined && isStyle(given) ? given : fallback;
  return {
    kind: "parameter",
    name: wireName(parameter),
    parameter: parameter.name,
    style,
    explode: parameter.at.at("explode").boolean() ?? (style === "form" || style === "deepObject"),
  };
}

/** A path in which the holes of parameters carry their style; what `simple` says of a scalar is what a hole does anyway. */
export function styledPath(path: Template, parameters: readonly DeclaredParameter[]): Template {
  const styled = new Map(parameters.filter(hasPathStyle).map((parameter) => [parameter.name, parameter]));
  if (styled.size === 0) return path;
  return { parts: path.parts.map((part) => (typeof part === "string" ? part : withStyle(part, styled))) };
}

function hasPathStyle({ location, type, at }: DeclaredParameter): boolean {
  return (
    location === "path" && (type === "array" || type === "object" || at.has("style") || at.has("explode"))
  );
}

function withStyle(hole: Hole, styled: ReadonlyMap<string, DeclaredParameter>): Hole {
  const parameter =
    hole.kind === "ref" && hole.symbol.kind === "parameter" ? styled.get(hole.symbol.name) : undefined;
  if (hole.kind !== "ref" || !parameter) return hole;
  const { name, style, explode } = parameterEntry(parameter);
  return {
    ...hole,
    style: { name, style: style === "label" || style === "matrix" ? style : "simple", explode },
  };
}

function isStyle(text: string): text is ParameterStyle {
  return styles.includes(text);
}

export function wireName(parameter: DeclaredParameter): string {
  return parameter.at.at("wire_name").string() ?? parameter.name;
}

/** The names of parameters that the template's holes use. */
export function parametersIn(template: Template): string[] {
  return template.parts.flatMap((part) => {
    if (typeof part === "string") return [];
    if (part.kind === "call") return part.args.flatMap(parametersIn);
    return part.symbol.kind === "parameter" ? [part.symbol.name] : [];
  });
}
