import type { Cursor } from "../lower/cursor.ts";
import { declareSteps } from "../lower/declare-chain.ts";
import type { DeclaredField } from "../lower/declared.ts";
import type { Model } from "../lower/lower.ts";

/** A label of a host that is spelt like a setting or a field, and stands there as a word. */
export interface BareHostName {
  readonly at: Cursor;
  readonly label: string;
  readonly field: DeclaredField;
}

/** Every URL of a descriptor whose host holds the name of a setting or of a profile's field as a literal label. */
export function findBareHostNames({ declared, operations }: Model): BareHostName[] {
  const fields = new Map<string, DeclaredField>();
  for (const field of [...declared.settings, ...declared.profiles.flatMap((profile) => profile.fields)])
    if (!field.implied) fields.set(plain(field.key), field);
  if (fields.size === 0) return [];
  const found: BareHostName[] = [];
  const judge = (at: Cursor): void => {
    const url = at.string() ?? "";
    const host = url.startsWith("/") ? undefined : /^[a-z]+:\/\/([^/?#]*)/i.exec(url)?.[1];
    for (const label of host?.replace(/:\d*$/, "").split(".").slice(0, -1) ?? []) {
      const field = fields.get(plain(label));
      if (field) found.push({ at, label, field });
    }
  };
  judge(declared.root.at("base_url"));
  for (const { declared: operation } of operations) judge(operation.at.at("endpoint"));
  for (const { at } of declared.profiles) {
    for (const key of ["authorize_url", "token_url", "refresh_url"]) judge(at.at("oauth").at(key));
    for (const step of declareSteps(at.at("oauth").at("after_token"))) judge(step.at.at("endpoint"));
    judge(at.at("test_endpoint").at("url"));
  }
  for (const { steps } of declared.chains) for (const { at } of steps) judge(at.at("endpoint"));
  return found;
}

/** As people spell a name in a host: no case, no separators. */
function plain(name: string): string {
  return name.replaceAll(/[-_]/g, "").toLowerCase();
}
