/** The names in templates, each with the exact place of its text and what it means there. */

import type { ParsedName } from "../../schema/language/template.ts";
import { Cursor } from "../lower/cursor.ts";
import type { DeclaredProfile } from "../lower/declared.ts";
import type { Lowering, Owner, Reference, WrittenName } from "../lower/lowering.ts";
import { afterChain } from "../lower/oauth-after.ts";
import { exactSpan } from "../read/scalar.ts";
import type { SymbolTable } from "./declared-symbols.ts";
import type { NamedSymbol, NameForm, NameUse, Occurrence } from "./symbols.ts";

export function templateOccurrences(lowering: Lowering, table: SymbolTable): readonly Occurrence[] {
  return lowering.references.flatMap((reference) =>
    reference.written ? occurrencesOf(reference, reference.written, lowering, table) : [],
  );
}

function occurrencesOf(
  { symbol, context, secret, owner }: Reference,
  written: WrittenName,
  lowering: Lowering,
  table: SymbolTable,
): readonly Occurrence[] {
  const { scalar, name, scope } = written;
  const segments = segmentsOf(String(scalar.value), name);
  const last = segments.at(-1);
  const hole = exactSpan(lowering.text, scalar, name.start, name.end);
  if (!last || !hole) return [];
  const use: NameUse = { context, secret, hole };
  const occurrence = (segment: Segment, symbols: readonly NamedSymbol[], exact: boolean): Occurrence[] => {
    const span = exactSpan(lowering.text, scalar, segment.start, segment.end);
    return span ? [{ span, symbols, role: "reference", form: segment.form, exact, use }] : [];
  };
  const { profiles } = scope;
  switch (symbol.kind) {
    case "parameter": {
      const parameter = scope.parameters.find((one) => one.name === symbol.name);
      const found = parameter && table.get("parameter", parameter.at, parameter.name);
      return occurrence(last, found ? [found] : [], true);
    }
    case "setting":
      return occurrence(last, settingOf(symbol.key, last, written, lowering, table), true);
    case "credential": {
      const fields = profiles.flatMap((profile) => {
        const field = profile.fields.find(({ key }) => key === symbol.key);
        return (field && table.get("field", field.at, field.key)) ?? [];
      });
      return occurrence(last, fields, true);
    }
    case "extract": {
      const steps = profiles.flatMap((profile) =>
        [profile.chain, afterChain(profile)].flatMap(
          (chain) => chain?.steps.filter(({ name }) => name === symbol.step) ?? [],
        ),
      );
      const found = steps.flatMap(
        ({ at }) => table.get("extract", at.at("extract").at(symbol.name), symbol.name) ?? [],
      );
      const middle = segments.length === 3 ? segments[1] : undefined;
      return [
        ...(middle
          ? occurrence(
              middle,
              distinct(steps.flatMap(({ at, name }) => table.get("step", at, name) ?? [])),
              true,
            )
          : []),
        ...occurrence(last, distinct(found), true),
      ];
    }
    case "oauth": {
      const found = profiles.flatMap((profile) => oauthValueOf(symbol.name, profile, owner, table) ?? []);
      return occurrence(last, found, true);
    }
    case "token":
      return occurrence(last, profilesOf(profiles, table), false);
    case "grant":
    case "request":
      return occurrence(last, [], false);
  }
}

function profilesOf(profiles: readonly DeclaredProfile[], table: SymbolTable): NamedSymbol[] {
  return profiles.flatMap(({ at, id }) => table.get("profile", at, id) ?? []);
}

/** What the last call after the token gives, else the token call; the calls after the token know the token call's alone. */
function oauthValueOf(
  name: string,
  profile: DeclaredProfile,
  owner: Owner,
  table: SymbolTable,
): NamedSymbol | undefined {
  const after = afterChain(profile);
  const step =
    owner.kind === "chain" && owner.id === after.id
      ? undefined
      : after.steps.findLast(({ extracts }) => extracts.some((extract) => extract.name === name));
  return step
    ? table.get("extract", step.at.at("extract").at(name), name)
    : table.get("oauth value", profile.at.at("oauth").at("extract").at(name), name);
}

/** A setting that nothing declares is declared by its first use. */
function settingOf(
  key: string,
  segment: Segment,
  { scalar }: WrittenName,
  { declared, text }: Lowering,
  table: SymbolTable,
): readonly NamedSymbol[] {
  const setting = declared.settings.find((one) => one.key === key);
  if (setting) return [table.get("setting", setting.at, key)].filter((one) => one !== undefined);
  const nowhere = new Cursor(undefined, ["connection_config"]);
  const span = exactSpan(text, scalar, segment.start, segment.end);
  if (span) table.addImplied("setting", nowhere, key, span);
  return [table.get("setting", nowhere, key)].filter((one) => one !== undefined);
}

function distinct(symbols: readonly NamedSymbol[]): readonly NamedSymbol[] {
  return [...new Set(symbols)];
}

interface Segment {
  readonly start: number;
  readonly end: number;
  readonly form: Extract<NameForm, "hole" | "bracket">;
}

/** The parts of `{chain.step.name}` or `{params["name"]}`, without dots, brackets and quotes. */
function segmentsOf(value: string, { path, start }: ParsedName): readonly Segment[] {
  // An implied `{base_url}` has no braces of its own.
  if (value[start] !== "{") return [];
  const segments: Segment[] = [];
  let at = start + 1;
  for (const [index, part] of path.entries()) {
    const bracket = value[at] === "[";
    if (index > 0) at += bracket ? 2 : 1;
    if (value.slice(at, at + part.length) !== part) return [];
    segments.push({ start: at, end: at + part.length, form: bracket ? "bracket" : "hole" });
    at += part.length + (bracket ? 2 : 0);
  }
  return segments;
}
