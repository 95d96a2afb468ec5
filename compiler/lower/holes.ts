/** Holes and entries that the compiler itself writes: the fields that a type takes unless told otherwise, the parts of a grant. */
import type { Context, Entry, GrantValue, Hole, RefHole, Template } from "../../schema/ir.ts";
import type { DeclaredField, DeclaredProfile } from "./declared.ts";
import type { Lowering } from "./lowering.ts";
import type { Place } from "./templates.ts";

/** The profile's field of that key as a template, noted as used; undefined where it has none. */
export function fieldTemplate(
  lowering: Lowering,
  profile: DeclaredProfile,
  key: string,
  place: Place,
): Template | undefined {
  const field = profile.fields.find((one) => one.key === key);
  return field && { parts: [fieldHole(lowering, field, place)] };
}

/** A hole for a field that no template of the descriptor names. */
export function fieldHole(
  lowering: Lowering,
  field: DeclaredField,
  { context, owner, section }: Place,
  member?: string,
): RefHole {
  const symbol = { kind: "credential" as const, key: field.key, ...(member === undefined ? {} : { member }) };
  lowering.references.push({
    symbol,
    context,
    secret: field.secret,
    owner,
    path: field.at.path,
    span: field.at.node?.span ?? { start: 0, end: 0 },
    section,
  });
  return { kind: "ref", symbol, context, optional: !field.required, secret: field.secret, type: "string" };
}

const publicParts: ReadonlySet<GrantValue> = new Set(["redirect_uri", "state", "code_challenge"]);

/** A hole for what a grant brings into its token calls. */
export function grantHole(name: GrantValue, context: Context): RefHole {
  const secret = !publicParts.has(name);
  return { kind: "ref", symbol: { kind: "grant", name }, context, optional: false, secret, type: "string" };
}

export function textEntry(name: string, text: string, context: Context): Entry {
  return {
    kind: "template",
    name,
    value: { parts: [context === "query" ? encodeURIComponent(text) : text] },
  };
}

export function holeEntry(name: string, hole: Hole): Entry {
  return { kind: "template", name, value: { parts: [hole] } };
}

export function templateEntry(name: string, value: Template): Entry {
  return { kind: "template", name, value };
}
