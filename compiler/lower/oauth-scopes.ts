import type { Context, Entry } from "../../schema/ir.ts";
import type { Cursor } from "./cursor.ts";
import { textEntry } from "./holes.ts";

/** The scopes that are asked for, one by one. */
export function scopeList(oauth: Cursor): string[] {
  return oauth
    .at("default_scopes")
    .items()
    .flatMap((item) => item.string() ?? []);
}

/** The same as one text, as requests carry them. */
export function scopesOf(oauth: Cursor): string {
  return scopeList(oauth).join(oauth.at("scope_separator").string() ?? " ");
}

export function scopeEntry(oauth: Cursor, context: Context): Entry[] {
  const scopes = scopesOf(oauth);
  return scopes === "" ? [] : [textEntry("scope", scopes, context)];
}
