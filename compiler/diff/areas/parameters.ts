/** Parameters of an operation: what callers write. */
import type { Operation, Parameter } from "../../../schema/ir.ts";
import { same } from "../canonical.ts";
import { type DiffRules, type Report, Spot } from "../change.ts";
import { type Comparison, orSaySo } from "../comparison.ts";
import { compareFields, isReordered, matchLists } from "../fields.ts";
import { shown } from "../words.ts";
import { compareEmbedded } from "./schema-rules.ts";
import { takesAll } from "./values.ts";

export const parameterRules: DiffRules = {
  "diff/parameter-removed": {
    level: "major",
    summary: "A parameter is gone; a call that gives it is refused.",
  },
  "diff/parameter-renamed": {
    level: "major",
    summary: "A parameter has another name, and is sent as before.",
  },
  "diff/parameter-added-required": {
    level: "major",
    summary: "A parameter is new, and required without a default.",
  },
  "diff/parameter-added": { level: "minor", summary: "A parameter is new and may be left out." },
  "diff/parameter-became-required": { level: "major", summary: "A parameter is required now." },
  "diff/parameter-became-optional": { level: "minor", summary: "A parameter may be left out now." },
  "diff/parameter-type-changed": {
    level: "major",
    summary: "A parameter has a type that does not take every old value.",
  },
  "diff/parameter-type-widened": { level: "minor", summary: "A parameter has a type that takes more." },
  "diff/parameter-default-changed": {
    level: "major",
    summary: "A default changed, came or went: calls that leave the parameter out ask for something else.",
  },
  "diff/parameter-schema-added": {
    level: "major",
    summary: "A parameter has a schema now, which refuses values that it took.",
  },
  "diff/parameter-schema-removed": { level: "minor", summary: "A parameter has no schema any more." },
  "diff/parameter-location-changed": {
    level: "minor",
    summary: "A parameter is sent elsewhere: query, path, header, body or cookie. Callers give it as before.",
  },
  "diff/parameter-wire-name-changed": {
    level: "minor",
    summary: "A parameter is sent under another name. Callers give it as before.",
  },
  "diff/parameter-style-changed": {
    level: "minor",
    summary: "A list or object is written in another style.",
  },
  "diff/parameter-secrecy-lowered": {
    level: "major",
    security: true,
    summary: "A parameter is no secret any more: its value shows in logs and errors.",
  },
  "diff/parameter-text-changed": {
    level: "patch",
    summary: "The description or example of a parameter, or the order of parameters, changed.",
  },
};

/** A default makes a required parameter one that may be left out. */
function mustBeGiven({ required, default: fallback }: Parameter): boolean {
  return required && fallback === undefined;
}

export function compareParameters(
  comparison: Comparison,
  pair: { readonly old: Operation; readonly new: Operation },
  spot: Spot,
  report: Report,
): void {
  const matched = matchLists(
    pair.old.parameters,
    pair.new.parameters,
    ({ name }) => name,
    (parameter) => `${parameter.location} ${parameter.wire_name}`,
  );
  for (const { item, from } of matched.removed)
    report(
      "diff/parameter-removed",
      new Spot([...spot.old, from], spot.new),
      `The parameter \`${item.name}\` is gone.`,
    );
  for (const { item, to } of matched.added)
    report(
      mustBeGiven(item) ? "diff/parameter-added-required" : "diff/parameter-added",
      new Spot(spot.old, [...spot.new, to]),
      `The parameter \`${item.name}\` is new${mustBeGiven(item) ? " and required" : ""}.`,
    );
  for (const { old, new: now, from, to } of matched.both) {
    const at = spot.at(from, to);
    orSaySo(comparison, report, at, { old, new: now }, () =>
      compareParameter(comparison, old, now, at, report),
    );
  }
  if (isReordered(matched))
    report("diff/parameter-text-changed", spot, "The parameters stand in another order.", "key");
}

function compareParameter(
  comparison: Comparison,
  old: Parameter,
  now: Parameter,
  spot: Spot,
  report: Report,
): void {
  const name = `\`${now.name}\``;
  if (mustBeGiven(old) !== mustBeGiven(now))
    report(
      mustBeGiven(now) ? "diff/parameter-became-required" : "diff/parameter-became-optional",
      spot.at("required").or(spot.at("default_value")),
      mustBeGiven(now)
        ? `The parameter ${name} is required now.`
        : `The parameter ${name} may be left out now.`,
    );
  else compareDefaults(old, now, spot, report);
  compareFields(old, now, {
    name: (before) =>
      report("diff/parameter-renamed", spot.at("name"), `The parameter \`${before}\` is called ${name} now.`),
    // A parameter that was renamed and kept its name on the wire says so by `wire_name`.
    wire_name: (before, after) =>
      report(
        "diff/parameter-wire-name-changed",
        spot.at("wire_name"),
        `The parameter ${name} is sent as \`${after}\` instead of \`${before}\`.`,
      ),
    location: (before, after) =>
      report(
        "diff/parameter-location-changed",
        spot.at("location"),
        `The parameter ${name} is sent in the ${after} instead of the ${before}.`,
      ),
    type: (before = "string", after = "string") =>
      report(
        takesAll(after, before) ? "diff/parameter-type-widened" : "diff/parameter-type-changed",
        spot.at("field_type"),
        `The parameter ${name} changed its type from \`${before}\` to \`${after}\`.`,
      ),
    required: () => {
      if (mustBeGiven(old) === mustBeGiven(now))
        report(
          "diff/parameter-text-changed",
          spot.at("required"),
          `Whether ${name} is required makes no difference beside its default.`,
        );
    },
    default: "elsewhere",
    secret: (_, after) => {
      if (!after)
        report(
          "diff/parameter-secrecy-lowered",
          spot.at("field_type"),
          `The parameter ${name} is no secret any more.`,
        );
    },
    schema: (before, after) => {
      const at = spot.at("schema");
      if (before === undefined)
        report("diff/parameter-schema-added", at, `The parameter ${name} has a schema now.`);
      else if (after === undefined)
        report("diff/parameter-schema-removed", at, `The parameter ${name} has no schema any more.`);
    },
    description: () =>
      report("diff/parameter-text-changed", spot.at("description"), `The description of ${name} changed.`),
    example: () =>
      report("diff/parameter-text-changed", spot.at("example"), `The example of ${name} changed.`),
  });
  // Compared even where it reads the same: what it refers to may have changed.
  if (old.schema !== undefined && now.schema !== undefined) {
    const named: Report = (rule, place, message, show) =>
      report(rule, place, message.replace("In the request", `In the parameter ${name}`), show);
    compareEmbedded(comparison, "request", { old: old.schema, new: now.schema }, spot.at("schema"), named);
  }
}

function compareDefaults(old: Parameter, now: Parameter, spot: Spot, report: Report): void {
  if (same(old.default, now.default)) return;
  report(
    "diff/parameter-default-changed",
    spot.at("default_value"),
    `The default of \`${now.name}\` changed from ${shown(old.default)} to ${shown(now.default)}.`,
  );
}
