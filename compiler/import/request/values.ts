/** Maps of a source's request (query, headers, body) whose texts have holes, as parameters and fixed values. */
import type { Parameter, TemplateMap } from "../../../schema/descriptor.ts";
import { templateName } from "../names.ts";
import type { Notes } from "../notes.ts";
import { type DataMap, isMap } from "../plain-data.ts";
import { looksSecret } from "../secrets.ts";
import type { Meanings } from "./meanings.ts";
import { fromMustache, holesOf, onlyHole } from "./mustache.ts";

export interface Carried {
  readonly parameters: Parameter[];
  readonly fixed: TemplateMap;
}

/** What a call may say otherwise: page sizes, offsets and numbers of pages have a default, everything else is fixed. */
const adjustable =
  /^(?:limit|count|size|top|first|offset|skip|start|page|page_?size|per_?page|max_?results)$/i;

/** `at` is where the map stands in the source. */
export function carryValues(
  values: DataMap,
  location: "query" | "header" | "body",
  at: string,
  meanings: Meanings,
  notes: Notes,
): Carried {
  const carried: Carried = { parameters: [], fixed: {} };
  for (const [wire, value] of Object.entries(values)) {
    const place = `${at}/${wire}`;
    if (typeof value === "number" && adjustable.test(wire)) {
      const parameter = parameterOf(wire, wire, location);
      // The schema's type of any JSON value is written as a map.
      const fallback: unknown = value;
      carried.parameters.push({
        ...parameter,
        field_type: Number.isInteger(value) ? "integer" : "number",
        default_value: fallback as NonNullable<Parameter["default_value"]>,
      });
    } else if (typeof value === "string") carryText(wire, value, location, place, carried, meanings, notes);
    else if (typeof value === "number" || typeof value === "boolean") carried.fixed[wire] = value;
    else notes.lose(place, `${wire} is neither text nor a number, and is not carried over.`);
  }
  return carried;
}

function carryText(
  wire: string,
  text: string,
  location: "query" | "header" | "body",
  place: string,
  carried: Carried,
  meanings: Meanings,
  notes: Notes,
): void {
  if (looksSecret(text)) {
    notes.lose(place, `The value of ${wire} looks like somebody's secret, and is not written.`);
    return;
  }
  const hole = onlyHole(text);
  const meaning = hole === undefined ? undefined : meanings.of(hole);
  if (hole !== undefined && meaning?.kind === "parameter") {
    carried.parameters.push(parameterOf(hole === "cursor" ? wire : hole, wire, location));
    return;
  }
  carried.fixed[wire] = fromMustache(text, (name) => meanings.of(name).name);
  for (const name of holesOf(text)) {
    const inside = meanings.of(name);
    if (inside.kind === "parameter") carried.parameters.push(parameterOf(name, wire, location, true));
  }
}

/** A parameter that stands in a hole of a fixed value is sent there alone. */
function parameterOf(name: string, wire: string, location: Parameter["location"], inside = false): Parameter {
  const own = templateName(name);
  return { name: own, ...(own === wire || inside ? {} : { wire_name: wire }), location };
}

/** Of two parameters of one name the first stays. */
export function uniqueParameters(parameters: readonly Parameter[]): Parameter[] {
  const seen = new Set<string>();
  return parameters.filter(({ name }) => !seen.has(name) && seen.add(name));
}

/** Bodies keep their shape; their texts are templates. */
export function bodyTemplate(value: unknown, meanings: Meanings): unknown {
  if (typeof value === "string") return fromMustache(value, (name) => meanings.of(name).name);
  if (Array.isArray(value)) return value.map((item) => bodyTemplate(item, meanings));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, bodyTemplate(inner, meanings)]),
  );
}

/** The parameters that the texts of a body name. */
export function bodyParameters(value: unknown, meanings: Meanings): Parameter[] {
  if (typeof value === "string")
    return holesOf(value).flatMap((hole) => {
      const { kind, name } = meanings.of(hole);
      return kind === "parameter" ? [{ name, location: "body" as const }] : [];
    });
  if (Array.isArray(value)) return value.flatMap((item) => bodyParameters(item, meanings));
  return isMap(value) ? Object.values(value).flatMap((inner) => bodyParameters(inner, meanings)) : [];
}
