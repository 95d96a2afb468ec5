import { escapeLine } from "../report/escape.ts";
import type { Style } from "../report/style.ts";
import type { Offer, OfferedField, OfferedOperation, OfferedProfile } from "./offer.ts";

/** The offer for a person at a terminal. */
export function offerText(offer: Offer, style: Style): string {
  const parts = [
    [
      `${style.bold(escapeLine(offer.name))} ${offer.slug} ${escapeLine(offer.version)}, by ${escapeLine(offer.publisher)}`,
      escapeLine(offer.description),
    ],
    section(
      "Operations",
      offer.operations.flatMap((operation) => operationLines(operation, style)),
      style,
    ),
    section(
      "Profiles",
      offer.profiles.flatMap((profile) => profileLines(profile, style)),
      style,
    ),
    section(
      "Chains",
      offer.chains.map(
        ({ chain_id, steps }) => `  ${escapeLine(chain_id)}: ${steps.map(escapeLine).join(" → ")}`,
      ),
      style,
    ),
    section(
      "Settings",
      offer.settings.map((setting) => fieldLine(setting, style, "  ")),
      style,
    ),
    section(
      "Limits",
      offer.limits.map((limit) => `  ${limitText(limit)}`),
      style,
    ),
    section(
      "Tools",
      offer.tools.map(({ name, operation_id }) => `  ${escapeLine(name)} → ${operation_id}`),
      style,
    ),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function section(title: string, lines: readonly string[], style: Style): readonly string[] {
  return lines.length > 0 ? [style.bold(title), ...lines] : [];
}

function operationLines(operation: OfferedOperation, style: Style): readonly string[] {
  const marks = [
    ...(operation.pagination === "none" ? [] : [`pages by ${operation.pagination}`]),
    ...(operation.deprecated
      ? [
          style.yellow(
            `deprecated${operation.deprecated_message ? `: ${escapeLine(operation.deprecated_message)}` : ""}`,
          ),
        ]
      : []),
  ];
  return [
    `  ${style.cyan(operation.operation_id)}  ${escapeLine(operation.summary)}${marks.length > 0 ? ` (${marks.join("; ")})` : ""}`,
    style.dim(
      `    ${operation.method} ${escapeLine(operation.endpoint)}  [${operation.profiles.map(escapeLine).join(", ")}]`,
    ),
    ...operation.parameters.map((parameter) => fieldLine(parameter, style, "    ", parameter.location)),
    ...(operation.outputs.length > 0
      ? [
          `    → ${operation.outputs.map(({ name, type }) => `${escapeLine(name)}: ${escapeLine(type)}`).join(", ")}`,
        ]
      : []),
  ];
}

function profileLines(profile: OfferedProfile, style: Style): readonly string[] {
  const chain =
    profile.credential_chain_id === undefined
      ? ""
      : `, by the chain ${escapeLine(profile.credential_chain_id)}`;
  const described = profile.description === undefined ? "" : `  ${escapeLine(profile.description)}`;
  return [
    `  ${style.cyan(escapeLine(profile.profile_id))} (${profile.type}${chain}${profile.checkable ? ", checkable" : ""})${described}`,
    ...profile.fields.map((field) => fieldLine(field, style, "    ")),
  ];
}

function fieldLine(field: OfferedField, style: Style, indent: string, location?: string): string {
  const facts = [
    ...(location === undefined ? [] : [location]),
    field.type,
    field.required ? "required" : "optional",
    ...(field.secret ? ["secret"] : []),
    ...(field.implied ? ["implied"] : []),
    ...(field.default === undefined ? [] : [`default ${escapeLine(JSON.stringify(field.default))}`]),
    ...(field.enum === undefined
      ? []
      : [`one of ${field.enum.map((value) => escapeLine(JSON.stringify(value))).join(", ")}`]),
  ];
  return `${indent}${escapeLine(field.key)}  ${style.dim(facts.join(", "))}${field.description === undefined ? "" : `  ${escapeLine(field.description)}`}`;
}

function limitText({ name, scope, limit, interval_seconds, burst, note }: Offer["limits"][number]): string {
  const extra = burst > 0 ? `, burst ${burst}` : "";
  return `${name === undefined ? "" : `${escapeLine(name)}: `}${limit} in ${interval_seconds} s ${scope.replace("_", " ")}${extra}${note === undefined ? "" : `  ${escapeLine(note)}`}`;
}
