/** Shared schemas by name: generated clients name types by them. What they admit is judged where they are used. */
import { own, same } from "../canonical.ts";
import { type DiffRules, type Found, Spot } from "../change.ts";
import type { Area } from "../comparison.ts";
import { schemaRules } from "./schema-rules.ts";

export const sharedSchemaRules: DiffRules = {
  ...schemaRules("request"),
  ...schemaRules("response"),
  "diff/schema-removed": {
    level: "minor",
    summary: "A shared schema is gone; what it said is judged where it was used.",
  },
  "diff/schema-added": {
    level: "minor",
    summary: "A shared schema is new; what it says is judged where it is used.",
  },
  "diff/schema-unused-changed": {
    level: "patch",
    summary: "A shared schema changed in a part that no operation uses.",
  },
};

/** Runs after the operations, which tell what they use. */
export const compareSharedSchemas: Area = (comparison) => {
  const { old, new: now } = comparison;
  const root = new Spot(["schemas"], ["schemas"]);
  const told = namesIn(comparison.found);
  for (const name of new Set([...Object.keys(old.schemas), ...Object.keys(now.schemas)])) {
    const report = comparison.reporter({ kind: "schema", id: name });
    const [before, after] = [own(old.schemas, name), own(now.schemas, name)];
    if (after === undefined)
      report("diff/schema-removed", root.at(name), "The shared schema is gone.", "key");
    else if (before === undefined)
      report("diff/schema-added", root.at(name), "The shared schema is new.", "key");
    else if (!same(before, after) && !told.has(name))
      report(
        "diff/schema-unused-changed",
        root.at(name),
        "The shared schema changed where no operation uses it.",
        "key",
      );
  }
};

/** The shared schemas that a change was told of. */
function namesIn(found: readonly Found[]): ReadonlySet<unknown> {
  const spots = found.flatMap(({ spot }) => [spot, ...spot.others]);
  const ways = spots.flatMap((one) => [one.old, one.new]);
  return new Set(ways.flatMap(([section, name]) => (section === "schemas" ? [name] : [])));
}
