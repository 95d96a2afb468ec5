import type { Budget } from "./budget.ts";
import { below, keywords, type SchemaPlace, type SchemaReader } from "./schema-place.ts";
import { both, everyType, type TypeSet, typesOf } from "./types.ts";

/** One way in which a value may satisfy a schema: all of `places` hold at once. */
export interface Alternative {
  readonly places: readonly SchemaPlace[];
  /** Something that is not read here may say more: a condition, a reference that leads nowhere known. */
  readonly loose: boolean;
}

const anything: Alternative = { places: [], loose: true };

/** More ways than this are not told apart. */
const mostAlternatives = 64;
/** References and combinations are followed this deep. */
const mostDepth = 64;

/** Keywords that may admit or declare what the others do not show. */
const looseKeywords = [
  "if",
  "then",
  "else",
  "dependentSchemas",
  "dependencies",
  "$dynamicRef",
  "$recursiveRef",
];

/**
 * The ways in which a value may satisfy all of `places`: references followed, `allOf` merged, one for each branch of
 * `anyOf` and `oneOf`. Never fewer than there are; where it gets too much, one that may be anything.
 */
export function expand(reader: SchemaReader, places: readonly SchemaPlace[], budget: Budget): Alternative[] {
  return places.reduce<Alternative[]>(
    (found, place) => product(found, () => expandOne(reader, place, budget, [])),
    [{ places: [], loose: false }],
  );
}

function expandOne(
  reader: SchemaReader,
  place: SchemaPlace,
  budget: Budget,
  above: readonly SchemaPlace["schema"][],
): Alternative[] {
  const { schema } = place;
  if (schema === true) return [{ places: [], loose: false }];
  if (schema === false) return [];
  if (!budget.take() || above.length > mostDepth || above.includes(schema) || reader.isFaulty(place))
    return [anything];
  const inner = [...above, schema];
  const into = (next: SchemaPlace | undefined): Alternative[] =>
    next ? expandOne(reader, next, budget, inner) : [anything];
  let found: Alternative[] = [
    { places: [place], loose: looseKeywords.some((key) => Object.hasOwn(schema, key)) },
  ];
  const { $ref } = schema;
  if (typeof $ref === "string") found = product(found, () => into(reader.resolve($ref, place)));
  for (const part of branches(place, "allOf")) found = product(found, () => into(part));
  for (const key of ["anyOf", "oneOf"]) {
    if (!Array.isArray(schema[key])) continue;
    found = product(found, () => branches(place, key).flatMap(into));
  }
  return found;
}

function branches(place: SchemaPlace, key: string): (SchemaPlace | undefined)[] {
  const list = keywords(place)[key];
  return Array.isArray(list) ? list.map((_, index) => below(place, key, index)) : [];
}

function product(left: readonly Alternative[], right: () => readonly Alternative[]): Alternative[] {
  if (left.length === 0) return [];
  const others = right();
  if (left.length * others.length > mostAlternatives) return [anything];
  return left.flatMap((one) =>
    others.map((other) => ({
      places: [...one.places, ...other.places],
      loose: one.loose || other.loose,
    })),
  );
}

/** The types that are left in one alternative. */
export function typesIn({ places }: Alternative): TypeSet {
  return places.reduce((types, place) => both(types, typesOf(keywords(place))), everyType);
}

/** The types that a value may have. */
export function typesAmong(alternatives: readonly Alternative[]): TypeSet {
  return new Set(alternatives.flatMap((alternative) => [...typesIn(alternative)]));
}
