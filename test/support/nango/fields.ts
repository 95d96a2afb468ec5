/** Credential fields of entries. */
import type { Entry } from "./catalogue.ts";
import { flat } from "./names.ts";

/** Any part of a descriptor. */
export type Fields = Record<string, unknown>;

/** The keys of what a user gives. */
export function fieldKeys(entry: Entry): string[] {
  const keys = [entry.integration_config, entry.credentials, entry.assertion_option].flatMap((fields) =>
    Object.keys(fields ?? {}),
  );
  return [...new Set(keys.filter((key) => key !== "assertion" || !entry.assertion).map(flat))];
}

/** The same as fields of a profile. */
export function fieldsOf(entry: Entry, keys: readonly string[] = fieldKeys(entry)): Fields[] {
  return keys.map((key) => ({
    key,
    label: key,
    field_type: "secret",
    ...(entry.credentials?.[key]?.optional ? { required: false } : {}),
  }));
}
