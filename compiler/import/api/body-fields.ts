/** The fields of a body that is a map of named ones. */
import { at, isMap, listAt, mapAt } from "../plain-data.ts";
import type { Located } from "./model.ts";
import { typesOf } from "./schemas.ts";
import { below, type Source } from "./source.ts";

export interface BodyField {
  readonly name: string;
  readonly schema: Located;
  readonly required: boolean;
  readonly description: string | undefined;
}

export interface BodyFields {
  readonly fields: readonly BodyField[];
  /** Further fields are admitted, by a word of the schema. */
  readonly isOpen: boolean;
  /** Keywords that bind fields to each other, and are left out. */
  readonly unsaid: readonly string[];
}

/** Keywords that say more of a map than what its fields are. */
const beyondFields = [
  "not",
  "if",
  "patternProperties",
  "dependentRequired",
  "dependentSchemas",
  "minProperties",
  "maxProperties",
];
const maxParts = 50;

/**
 * The fields of a schema, those of its `allOf` parts included; undefined where it is anything but a map of named fields.
 * A form can be nothing else: `forced` takes the fields of all alternatives, none of them required.
 */
export function fieldsOf(from: Located, forced: boolean, source: Source): BodyFields | undefined {
  const fields = new Map<string, BodyField>();
  const required = new Set<string>();
  const hidden = new Set<string>();
  const unsaid = new Set<string>();
  let isOpen = false;
  let count = 0;
  const gather = (place: Located, isAlternative: boolean): boolean => {
    const found = source.follow(place);
    count += 1;
    if (!found || !isMap(found.value) || count > maxParts) return false;
    const { value } = found;
    const types = typesOf(value);
    if (types.length > 0 && !types.includes("object")) return false;
    if (types.includes("null") && !forced) return false;
    if (value.nullable === true && !forced) return false;
    const beyond = beyondFields.filter((key) => Object.hasOwn(value, key));
    if (!forced && beyond.length > 0) return false;
    for (const key of beyond) unsaid.add(key);
    const further = at(value, "additionalProperties");
    if (further === true || isMap(further)) {
      if (!forced) return false;
      isOpen = true;
    }
    for (const key of ["anyOf", "oneOf"]) {
      const alternatives = listAt(value, key);
      if (alternatives.length > 0 && !forced) return false;
      if (alternatives.length > 1) unsaid.add(key);
      for (const [index, one] of alternatives.entries())
        gather({ value: one, file: found.file, at: below(found.at, key, index) }, true);
    }
    for (const [name, schema] of Object.entries(mapAt(value, "properties"))) {
      const field = { value: schema, file: found.file, at: below(found.at, "properties", name) };
      if (isWritten(field, source)) fields.set(name, describeField(name, field, source));
      else hidden.add(name);
    }
    if (!isAlternative)
      for (const name of listAt(value, "required")) if (typeof name === "string") required.add(name);
    return listAt(value, "allOf").every((part, index) =>
      gather({ value: part, file: found.file, at: below(found.at, "allOf", index) }, isAlternative),
    );
  };
  const isMapOfFields = gather(from, false);
  if ((!isMapOfFields && !forced) || fields.size === 0 || fields.has("")) return undefined;
  // Some documents ask for what they do not describe.
  for (const name of required)
    if (!fields.has(name) && !hidden.has(name)) fields.set(name, { ...unknownField, name });
  const all = [...fields.values()].map((field) => ({ ...field, required: required.has(field.name) }));
  return { fields: all, isOpen, unsaid: [...unsaid] };
}

const unknownField: Omit<BodyField, "name"> = {
  schema: { value: {}, file: "", at: "" },
  required: true,
  description: undefined,
};

/** What only the server writes is no field of a request. */
function isWritten(field: Located, source: Source): boolean {
  return at(field.value, "readOnly") !== true && at(source.follow(field)?.value, "readOnly") !== true;
}

function describeField(name: string, schema: Located, source: Source): BodyField {
  const own = at(schema.value, "description") ?? at(source.follow(schema)?.value, "description");
  return { name, schema, required: false, description: typeof own === "string" ? own : undefined };
}
