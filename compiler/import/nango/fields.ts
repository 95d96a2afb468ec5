/** Credential fields of entries. */
import type { CredentialField } from "../../../schema/descriptor.ts";
import { shortText } from "../prose.ts";
import type { Entry, EntryField, EntryFields } from "./entry.ts";
import { flat } from "./names.ts";

/** The keys of what a user gives. */
export function fieldKeys(entry: Entry): string[] {
  const keys = [entry.integration_config, entry.credentials, entry.assertion_option].flatMap((fields) =>
    Object.keys(fields ?? {}),
  );
  return [...new Set(keys.filter((key) => key !== "assertion" || !entry.assertion).map(flat))];
}

/** The same as fields of a profile. */
export function fieldsOf(entry: Entry, keys: readonly string[] = fieldKeys(entry)): CredentialField[] {
  return keys.map((key) => credentialField(key, declared(entry, key)));
}

/**
 * A pattern of the catalogue becomes part of the description: it bounds nothing, and half of the catalogue's own
 * examples do not match theirs.
 */
export function credentialField(key: string, field: EntryField = {}): CredentialField {
  const label = shortText(field.title, 200) ?? (labels.get(key) || key);
  const help = [shortText(field.description, 400)?.replace(/[^.!?…]$/, "$&."), likeness(field)];
  const description = shortText(help.filter((part) => part !== undefined).join(" "), 500);
  return {
    key,
    label,
    ...(isSecret(key, label, field) ? { field_type: "secret" as const } : {}),
    ...(field.optional || field.default !== undefined ? { required: false } : {}),
    ...(description === undefined ? {} : { description }),
  };
}

function likeness({ pattern }: EntryField): string | undefined {
  // The beginning of a key in a pattern reads like a key.
  return pattern === undefined || pattern.length > 90 || pattern.includes("-----")
    ? undefined
    : `Looks like \`${pattern}\`.`;
}

const labels: ReadonlyMap<string, string> = new Map([
  ["apiKey", "API key"],
  ["username", "User name"],
  ["password", "Password"],
  ["client_id", "Client id"],
  ["client_secret", "Client secret"],
  ["client_certificate", "Client certificate (PEM)"],
  ["client_private_key", "Private key of the client certificate (PEM)"],
  ["app_id", "App id"],
  ["privateKeyId", "Key id"],
  ["issuerId", "Issuer id"],
  ["private_key", "Private key (PEM)"],
]);

function isSecret(key: string, label: string, field: EntryField): boolean {
  if (field.secret || /\b(?:key|token|secret|password)\b/i.test(label)) return true;
  return !/^(?:client_?id|user_?name|email|app_id|issuerId|privateKeyId)$/i.test(key);
}

/** The fields of an entry name some keys otherwise than its modes do. */
function declared(entry: Entry, key: string): EntryField | undefined {
  const camel = key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const sources = [entry.credentials, entry.integration_config, entry.assertion_option];
  for (const fields of sources) {
    const found = own(fields, key) ?? own(fields, camel) ?? byFlat(fields, key);
    if (found) return found;
  }
  return own(entry.connection_config, key);
}

function own(fields: EntryFields | undefined, key: string): EntryField | undefined {
  return fields && Object.hasOwn(fields, key) ? fields[key] : undefined;
}

function byFlat(fields: EntryFields | undefined, key: string): EntryField | undefined {
  return Object.entries(fields ?? {}).find(([name]) => flat(name) === key)?.[1];
}
