/** Entries of Nango's `providers.yaml`: the whole file, some of it (`--select name`), or one entry by itself. */
import type { AuthProfile, CredentialChain, Descriptor, Metadata } from "../../../schema/descriptor.ts";
import { type Draft, type Importer, ImportFailure, type Refusal } from "../importer.ts";
import { slugOf } from "../names.ts";
import { Notes } from "../notes.ts";
import { at, type DataMap, isMap, textAt } from "../plain-data.ts";
import { shortText } from "../prose.ts";
import { createSelection } from "../select.ts";
import { vouchedHosts } from "./allowed-hosts.ts";
import { type Entry, readEntry } from "./entry.ts";
import { credentialField } from "./fields.ts";
import { retryOf, tellRest, testEndpoint } from "./hints.ts";
import { EntryNames, flat } from "./names.ts";
import { operationsOf } from "./operations.ts";
import { placementOf, type Sent } from "./placement.ts";
import { type Auth, authOf, finalToken, keysOf, ownNames } from "./profile.ts";
import { Unsayable } from "./template.ts";

export const nango: Importer = {
  recognises: (data) => {
    if (!isMap(data)) return false;
    const some = Object.values(data).slice(0, 5);
    return isEntry(data) || (some.length > 0 && some.every(isEntry));
  },

  async draft({ data, name }, { select, progress }) {
    if (!isMap(data)) throw new ImportFailure(`${name} is no catalogue of Nango: it holds no map of entries`);
    const all = isEntry(data) ? [textAt(data, "display_name") ?? name] : Object.keys(data);
    const wanted = select.length > 0 ? createSelection(select) : undefined;
    const chosen = all.filter((entry) => !wanted || wanted([entry]));
    if (chosen.length === 0)
      throw new ImportFailure(
        `--select ${select.join(", ")} matches none of the ${all.length} entries of ${name}`,
      );
    return chosen.map((entry, index) => {
      if (index % 100 === 0) progress?.(`${index} of ${chosen.length} entries`);
      const own = isEntry(data) ? data : inherited(data, entry);
      return own ? carry(entry, own) : { at: entry, message: `${entry} is no entry with an auth_mode` };
    });
  },
};

function isEntry(value: unknown): value is DataMap {
  const named = textAt(value, "auth_mode") ?? textAt(value, "alias");
  return named !== undefined && (isMap(at(value, "proxy")) || textAt(value, "display_name") !== undefined);
}

/** An entry with what it inherits from the one that it is an alias of; undefined where there is none. */
function inherited(all: DataMap, name: string): DataMap | undefined {
  const chain: DataMap[] = [];
  for (let next: string | undefined = name; next !== undefined; ) {
    const entry: unknown = at(all, next);
    if (!isMap(entry) || chain.includes(entry)) break;
    chain.unshift(entry);
    next = textAt(entry, "alias");
  }
  const merged: DataMap = Object.fromEntries(chain.flatMap((entry) => Object.entries(entry)));
  return textAt(merged, "auth_mode") === undefined ? undefined : merged;
}

function carry(name: string, data: DataMap): Draft | Refusal {
  try {
    return draftOf(name, data);
  } catch (error) {
    if (error instanceof Unsayable) return { at: name, message: `${name} cannot be said: ${error.message}` };
    throw error;
  }
}

function draftOf(name: string, data: DataMap): Draft {
  const notes = new Notes();
  const entry = readEntry(data);
  const names = new EntryNames(entry, ownNames(entry), notes);
  const auth = authOf(entry, names);
  const baseUrl = entry.proxy ? names.first(entry.proxy.base_url, "/proxy/base_url") : undefined;
  const sent = placementOf(entry, names);
  const profile = profileOf(entry, auth, sent, names, notes);
  const chain = auth.steps ? chainOf(auth, auth.steps) : undefined;
  const retry = retryOf(entry, notes);
  const operations = operationsOf(entry, profile.type, names, notes);
  const defaults = {
    ...(Object.keys(sent.plain).length > 0 ? { headers: sent.plain } : {}),
    ...(Object.keys(sent.query).length > 0 ? { query: sent.query } : {}),
    ...(retry ? { retry } : {}),
  };
  const settings = [
    ...(baseUrl === undefined ? [{ key: "base_url", label: "Base URL", format: "uri" as const }] : []),
    ...names.settings,
  ];
  const descriptor: Descriptor = {
    metadata: metadataOf(name, entry),
    base_url: baseUrl ?? "{base_url}",
    ...(settings.length > 0 ? { connection_config: settings } : {}),
    ...(Object.keys(defaults).length > 0 ? { defaults } : {}),
    authentication: [profile],
    ...(chain ? { credential_chains: [chain] } : {}),
    operations,
  };
  if (baseUrl === undefined)
    notes.lose(
      "/proxy",
      "The entry names no base URL: each connection gives its own.",
      descriptor,
      "base_url",
    );
  tellRest(data, entry, names.used, notes);
  return { descriptor, notes, operations: operations.length };
}

function profileOf(
  entry: Entry,
  { profile, steps }: Auth,
  sent: Sent,
  names: EntryNames,
  notes: Notes,
): AuthProfile {
  const check = testEndpoint(entry, profile, sent, names, notes);
  const secrets = names.secrets.map((key) =>
    credentialField(key, { ...entry.connection_config?.[key], secret: true }),
  );
  const hosts = vouchedHosts(entry);
  const whole: AuthProfile = {
    ...profile,
    ...(secrets.length > 0 ? { fields: [...(profile.fields ?? []), ...secrets] } : {}),
    ...(steps ? { credential_chain_id: chainId } : {}),
    ...(Object.keys(sent.auth).length > 0 ? { auth_headers: sent.auth } : {}),
    ...(Object.keys(sent.authQuery).length > 0 ? { auth_query: sent.authQuery } : {}),
    ...(check ? { test_endpoint: check } : {}),
    ...(hosts.length > 0 ? { allowed_hosts: [...hosts] } : {}),
  };
  notes.comment(
    whole,
    "allowed_hosts",
    "An answer names the API's host: it is taken from these domains, those of the entry's own URLs. Add others that are the API's.",
  );
  return whole;
}

const chainId = "login";

function chainOf(
  { profile }: Auth,
  [first, ...more]: NonNullable<Auth["steps"]>,
): CredentialChain | undefined {
  if (!first) return undefined;
  return {
    chain_id: chainId,
    description: "Obtains the token of the API.",
    initial_credentials_required: keysOf(profile),
    steps: [first, ...more],
    final_credential_name: finalToken,
  };
}

function metadataOf(key: string, entry: Entry): Metadata {
  const title = shortText(entry.display_name, 200) ?? key;
  const name = title.length >= 3 ? title : `${title} API`;
  const docs =
    entry.docs !== undefined && /^https?:\/\/[^\s/?#]+\S*$/.test(entry.docs) ? entry.docs : undefined;
  const tags = (entry.categories ?? []).map((tag) => flat(tag).toLowerCase());
  return {
    name,
    slug: slugOf(key),
    version: "0.1.0",
    description: `${name}, with the way of signing in and the base URL that Nango's catalogue gives.`,
    publisher: title.length >= 2 ? title : name,
    ...(docs === undefined ? {} : { documentation_url: docs }),
    categories: ["saas"],
    ...(tags.length > 0 ? { tags } : {}),
  };
}
