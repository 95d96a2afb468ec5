/** YAML specs of connectors (`kind: connector`): a list of ways to sign in, endpoints with pages and pacing. */
import type {
  AuthProfile,
  Body,
  Descriptor,
  Operation,
  Parameter,
  RateLimit,
} from "../../../schema/descriptor.ts";
import { type Draft, type Importer, ImportFailure } from "../importer.ts";
import { pathOfDots } from "../json-path.ts";
import { Names, snakeCase } from "../names.ts";
import { Notes } from "../notes.ts";
import { at, type DataMap, isMap, listAt, mapAt, textAt } from "../plain-data.ts";
import { shortText } from "../prose.ts";
import { profileOf, tellRestOfAuth, withSecrets } from "../request/auth.ts";
import { Meanings } from "../request/meanings.ts";
import { metadataOf } from "../request/metadata.ts";
import { methodOf, paginationOf } from "../request/pagination.ts";
import { perSecond } from "../request/rate.ts";
import { type Addresses, addressesOf, pathNames } from "../request/urls.ts";
import { bodyParameters, bodyTemplate, carryValues, uniqueParameters } from "../request/values.ts";
import { createSelection } from "../select.ts";

export const yamlSpec: Importer = {
  recognises: (data) => textAt(data, "kind") === "connector" && Array.isArray(at(data, "endpoints")),

  async draft({ data, name }, { select }) {
    if (!isMap(data) || listAt(data, "endpoints").length === 0)
      throw new ImportFailure(`${name} is no spec of a connector: it lists no \`endpoints\``);
    return [carry(data, name, select)];
  },
};

interface Carrying {
  readonly data: DataMap;
  readonly addresses: Addresses;
  readonly meanings: Meanings;
  readonly profiles: readonly AuthProfile[];
  readonly limits: RateLimit[];
  readonly notes: Notes;
}

function carry(data: DataMap, name: string, select: readonly string[]): Draft {
  const notes = new Notes();
  const meanings = new Meanings();
  const wanted = select.length > 0 ? createSelection(select) : () => true;
  const chosen = listAt(data, "endpoints").flatMap((endpoint) =>
    isMap(endpoint) && wanted([textAt(endpoint, "id") ?? ""]) ? [endpoint] : [],
  );
  if (chosen.length === 0)
    throw new ImportFailure(`--select ${select.join(", ")} matches no endpoint of ${name}`);
  const profiles = profilesOf(data, meanings, notes);
  const ofProfiles = new Set(meanings.credentials.keys());
  const addresses = addressesOf(
    chosen.flatMap((one) => textAt(one, "url") ?? []),
    meanings,
  );
  const carrying: Carrying = { data, addresses, meanings, profiles, limits: [], notes };
  const ids = new Names();
  const operations = chosen.flatMap((endpoint) => operationOf(endpoint, ids, carrying));
  const [first, ...more] = withSecrets(profiles, meanings, ofProfiles);
  const settings = [
    ...(addresses.baseUrl === undefined
      ? [{ key: "base_url", label: "Base URL", format: "uri" as const }]
      : []),
    ...meanings.list(),
  ];
  const category = textAt(data, "category");
  const descriptor: Descriptor = {
    metadata: metadataOf({
      key: textAt(data, "id") ?? name,
      title: textAt(data, "displayName"),
      description: textAt(data, "description"),
      version: textAt(data, "version"),
      tags: category === undefined ? [] : [category],
    }),
    base_url: addresses.baseUrl ?? "{base_url}",
    ...(settings.length > 0 ? { connection_config: settings } : {}),
    authentication: [first ?? { type: "none" }, ...more],
    operations,
    ...(carrying.limits.length > 0 ? { rate_limits: carrying.limits } : {}),
  };
  tellRead(data, descriptor, notes);
  return { descriptor, notes, operations: chosen.length };
}

function profilesOf(data: DataMap, meanings: Meanings, notes: Notes): AuthProfile[] {
  const taken = new Names();
  const profiles = listAt(data, "auth").flatMap((auth, index): AuthProfile[] => {
    if (!isMap(auth)) return [];
    const place = `/auth/${index}`;
    const profile = profileOf(auth, place, meanings, notes);
    tellRestOfAuth(auth, place, notes);
    if (!profile) return [];
    const id = taken.take(profile.type);
    return [id === profile.type ? profile : { ...profile, profile_id: id }];
  });
  return profiles.length > 0 ? profiles : [{ type: "none" }];
}

function operationOf(endpoint: DataMap, ids: Names, carrying: Carrying): Operation[] {
  const { addresses, meanings, profiles, notes } = carrying;
  const name = textAt(endpoint, "id") ?? "operation";
  const place = `/endpoints/${name}`;
  const url = textAt(endpoint, "url");
  if (url === undefined) {
    notes.lose(place, `${name} has no URL, and is not carried over.`);
    return [];
  }
  const method = methodOf(textAt(endpoint, "method"));
  const query = carryValues(mapAt(endpoint, "params"), "query", `${place}/params`, meanings, notes);
  const headers = carryValues(mapAt(endpoint, "headers"), "header", `${place}/headers`, meanings, notes);
  const source = at(endpoint, "body");
  const parameters = uniqueParameters([
    ...pathNames(url, meanings).map((path): Parameter => ({ name: path, location: "path" })),
    ...query.parameters,
    ...headers.parameters,
    ...bodyParameters(source, meanings),
  ]);
  const body = source === undefined ? undefined : bodyTemplate(source, meanings);
  const id = ids.take(snakeCase(name) || "operation");
  const records = textAt(endpoint, "responseRowsPath");
  const hint = at(endpoint, "pagination");
  const pagination = isMap(hint)
    ? paginationOf(
        hint,
        { place: `${place}/pagination`, carrier: undefined, parameters, stopsShort: records !== undefined },
        notes,
      )
    : undefined;
  const refs = profiles.map((profile) => profile.profile_id ?? profile.type);
  const scope = limitOf(endpoint, id, carrying);
  const isPrimary = textAt(at(carrying.data, "read"), "primary") === name;
  return [
    {
      operation_id: id,
      endpoint: addresses.endpoint(url),
      ...(method === "GET" ? {} : { method }),
      summary:
        shortText(textAt(endpoint, "description") ?? textAt(endpoint, "displayName"), 200) ??
        `${method === "GET" ? "Read" : "Call"} ${name}`,
      auth_type_ref: refs.length === 1 ? (refs[0] ?? "none") : [refs[0] ?? "none", ...refs.slice(1)],
      ...(isPrimary ? { tags: ["read"] } : {}),
      ...(parameters.length > 0 ? { parameters } : {}),
      ...(Object.keys(query.fixed).length > 0 ? { query: query.fixed } : {}),
      ...(Object.keys(headers.fixed).length > 0 ? { headers: headers.fixed } : {}),
      ...(isBody(body) ? { body } : {}),
      ...(records === undefined ? {} : { response: { records_path: pathOfDots(records) } }),
      ...(pagination ? { pagination } : {}),
      ...(scope === undefined ? {} : { rate_limit_scope: scope }),
    },
  ];
}

function isBody(body: unknown): body is Body {
  return isMap(body) || Array.isArray(body) || typeof body === "string";
}

/** Each endpoint is paced by itself: a limit of its name. */
function limitOf(endpoint: DataMap, name: string, { limits, notes }: Carrying): string | undefined {
  const rate = at(at(endpoint, "rateLimit"), "requestsPerSecond");
  if (typeof rate !== "number" || !(rate > 0)) return undefined;
  const burst = at(at(endpoint, "rateLimit"), "burstSize");
  const limit: RateLimit = {
    name,
    scope: "per_connection",
    ...perSecond(rate),
    ...(typeof burst === "number" && burst > 0 ? { burst: Math.floor(burst) } : {}),
    pacing: "smooth",
  };
  if (rate > 1 && !Number.isInteger(rate))
    notes.comment(limit, "limit", `The spec says ${rate} a second; limits are whole numbers.`);
  limits.push(limit);
  return name;
}

function tellRead(data: DataMap, descriptor: Descriptor, notes: Notes): void {
  const types = listAt(at(data, "read"), "resourceTypes").filter((type) => typeof type === "string");
  if (types.length > 0)
    notes.lose(
      "/read/resourceTypes",
      `The spec reads these resources, which the descriptor has no word for: ${types.join(", ")}.`,
      descriptor,
      "operations",
    );
  const known = [
    "kind",
    "version",
    "id",
    "displayName",
    "description",
    "category",
    "auth",
    "endpoints",
    "read",
  ];
  for (const key of Object.keys(data))
    if (!known.includes(key)) notes.lose(`/${key}`, `${key} is not carried over.`);
}
