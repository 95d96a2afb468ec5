/** Every way in which a schema can differ from another, and whether what is valid becomes more or less by it. */
import type { Spot } from "../change.ts";

/**
 * `narrows`: less is valid than before; `widens`: more; `differs`: some is no longer valid and some is new;
 * `undecided`: one of these, and comparing cannot say which; `says`: the same is valid.
 */
export type Effect = "narrows" | "widens" | "differs" | "undecided" | "says";

export type DifferenceKind =
  | "property-removed"
  | "property-added"
  | "property-required"
  | "property-optional"
  | "type-changed"
  | "type-narrowed"
  | "type-widened"
  | "null-refused"
  | "null-allowed"
  | "enum-narrowed"
  | "enum-widened"
  | "variant-removed"
  | "variant-added"
  | "constraint-tightened"
  | "constraint-loosened"
  | "closed"
  | "opened"
  | "undecided"
  | "text-changed"
  | "rewritten";

export const differences: {
  readonly [K in DifferenceKind]: { readonly effect: Effect; readonly what: string };
} = {
  "property-removed": { effect: "widens", what: "a property is no longer declared" },
  "property-added": { effect: "narrows", what: "a property is declared" },
  "property-required": { effect: "narrows", what: "a property is required" },
  "property-optional": { effect: "widens", what: "a property is no longer required" },
  "type-changed": { effect: "differs", what: "a value has another type or format" },
  "type-narrowed": { effect: "narrows", what: "a value has fewer types" },
  "type-widened": { effect: "widens", what: "a value has more types" },
  "null-refused": { effect: "narrows", what: "a value is never null" },
  "null-allowed": { effect: "widens", what: "a value may be null" },
  "enum-narrowed": { effect: "narrows", what: "a closed set has fewer values, or a value has become one" },
  "enum-widened": { effect: "widens", what: "a closed set has more values, or is open" },
  "variant-removed": { effect: "narrows", what: "`oneOf` or `anyOf` has fewer branches" },
  "variant-added": { effect: "widens", what: "`oneOf` or `anyOf` has more branches" },
  "constraint-tightened": {
    effect: "narrows",
    what: "a bound, pattern or other condition is stricter or new",
  },
  "constraint-loosened": { effect: "widens", what: "a bound, pattern or other condition is laxer or gone" },
  closed: { effect: "narrows", what: "properties that are not declared are refused" },
  opened: { effect: "widens", what: "properties that are not declared are allowed" },
  undecided: { effect: "undecided", what: "a condition changed in a way that cannot be compared" },
  "text-changed": { effect: "says", what: "titles, descriptions, examples or defaults changed" },
  rewritten: { effect: "says", what: "the schema is written in another way and admits the same" },
};

export interface SchemaDifference {
  readonly kind: DifferenceKind;
  readonly spot: Spot;
  /** A sentence. */
  readonly message: string;
  readonly show?: "key" | "value";
}
