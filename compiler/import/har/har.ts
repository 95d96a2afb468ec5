/** Recorded sessions (HAR 1.2): what a browser or a proxy saw of an API. Names and types are carried, values never. */
import { carryApi } from "../api/carry.ts";
import type { Api, ApiOperation } from "../api/model.ts";
import { Schemas } from "../api/schemas.ts";
import { Source } from "../api/source.ts";
import { type Draft, type Importer, ImportFailure, type ImportOptions, type Refusal } from "../importer.ts";
import { Notes } from "../notes.ts";
import { isHarmlessHost } from "../observed/hosts.ts";
import { Vault } from "../observed/vault.ts";
import { listAt, mapAt } from "../plain-data.ts";
import { metadataOf } from "../request/metadata.ts";
import { Authentication } from "./auth.ts";
import { type Exchange, exchangeOf } from "./exchange.ts";
import { isTokenCall } from "./logins.ts";
import { noiseOf } from "./noise.ts";
import { operationsOf, segmentsOf } from "./operations.ts";
import { gatherSecrets } from "./secrets.ts";

/** Longer paths are no API's. */
const maxSegments = 60;

export const har: Importer = {
  recognises: (data) =>
    Array.isArray(mapAt(data, "log").entries) && listAt(mapAt(data, "log"), "entries").length > 0,

  async draft({ data, name }, options) {
    const entries = listAt(mapAt(data, "log"), "entries");
    if (entries.length === 0) throw new ImportFailure(`${name} is no recording: it has no \`log.entries\``);
    const all = entries.flatMap((entry, index) => exchangeOf(entry, index) ?? []);
    const vault = new Vault();
    for (const exchange of all) gatherSecrets(exchange, vault);
    const { calls, left } = sift(all, entries.length - all.length);
    if (calls.length === 0)
      throw new ImportFailure(
        `${name} holds no call of an API: ${left.join("; ") || "nothing was recorded"}`,
      );
    const sites = sitesOf(calls);
    const drafts = sites.map(([site, some]) => carrySite(site, some, { all, vault, left, name, options }));
    const made = drafts.flatMap((draft) => draft ?? []);
    if (made.length === 0)
      throw new ImportFailure(
        `--select ${options.select.join(", ")} matches none of the calls of ${name}: it takes paths, operation ids, tags and hosts`,
      );
    return made;
  },
};

interface Sifted {
  readonly calls: readonly Exchange[];
  /** What was left out, each kind with its number. */
  readonly left: readonly string[];
}

function sift(all: readonly Exchange[], foreign: number): Sifted {
  const counts = new Map<string, number>();
  if (foreign > 0) counts.set("entries that are no request over HTTP", foreign);
  const calls = all.filter((exchange) => {
    const noise = segmentsOf(exchange.url).length > maxSegments ? "addresses without end" : noiseOf(exchange);
    if (noise !== undefined) counts.set(noise, (counts.get(noise) ?? 0) + 1);
    return noise === undefined;
  });
  return { calls, left: [...counts].map(([noise, count]) => `${count} ${noise}`) };
}

/** Hosts of one owner are one connector: `api.example.com` and `auth.example.com`. Most calls first. */
function sitesOf(
  calls: readonly Exchange[],
): readonly (readonly [site: string, calls: readonly Exchange[]])[] {
  const sites = new Map<string, Exchange[]>();
  for (const call of calls) {
    const site = siteOf(call.url.hostname);
    const same = sites.get(site) ?? [];
    sites.set(site, same);
    same.push(call);
  }
  return [...sites].sort(([, a], [, b]) => b.length - a.length);
}

/** The last two labels, or three where the last but one is a registry's (`co.uk`). */
function siteOf(host: string): string {
  const labels = host.split(".");
  if (/^[\d.]+$|:/.test(host) || labels.length < 3) return host;
  const isRegistry =
    /^(?:co|com|net|org|gov|ac|edu|or|ne|go)$/.test(labels.at(-2) ?? "") &&
    (labels.at(-1) ?? "").length === 2;
  return labels.slice(isRegistry ? -3 : -2).join(".");
}

interface Recording {
  readonly all: readonly Exchange[];
  readonly vault: Vault;
  readonly left: readonly string[];
  readonly name: string;
  readonly options: ImportOptions;
}

/** Undefined where nothing of the site is chosen. */
function carrySite(
  site: string,
  calls: readonly Exchange[],
  recording: Recording,
): Draft | Refusal | undefined {
  const { all, vault, left, options } = recording;
  const notes = new Notes();
  const isHidden = remember((name) => vault.holds(name));
  const auth = new Authentication(calls, all, vault, notes);
  const origins = byOrigin(calls.filter((call) => !isTokenCall(call)));
  const [main] = origins;
  if (!main) return undefined;
  const found = origins.map(([origin, some]) =>
    operationsOf(some, origin === main[0] ? [] : [serverOf(origin, "", isHidden)], {
      vault,
      auth,
      notes,
      isHidden,
    }),
  );
  const prefix = commonPrefix(found[0] ?? []);
  const operations = found.flatMap((some, index) =>
    index === 0 ? some.map((one) => below(one, prefix)) : some,
  );
  const api: Api = {
    info: {},
    documentationUrl: undefined,
    servers: [serverOf(main[0], prefix, isHidden)],
    security: [],
    schemes: auth.schemes,
    settings: [],
    operations,
    webhooks: [],
  };
  const source = new Source(new Map());
  const reading = { source, notes, schemas: new Schemas(source, notes) };
  const shown = isHarmlessHost(site) && !isHidden(site) ? site : "recorded service";
  const metadata = metadataOf({
    key: shown.replace(/\.[a-z]+$/, ""),
    title: shown,
    description: `Calls of ${shown} as they were recorded; look through it before you rely on it.`,
  });
  // A host takes all of its calls along.
  const select = options.select.some((glob) => glob === site) ? [] : options.select;
  const draft = chosen(() =>
    carryApi(api, {
      metadata,
      options: { ...options, select },
      reading,
      nothing: () => new ImportFailure(""),
    }),
  );
  if (!draft) return undefined;
  if (left.length > 0)
    notes.lose(
      "/log/entries",
      `Left out of the recording: ${left.join("; ")}.`,
      draft.descriptor,
      "operations",
    );
  notes.comment(
    draft.descriptor,
    "operations",
    "Made of what was recorded: names and types, no values. What was never called is not here, and parameters may be required that are not marked.",
  );
  return draft;
}

/** `/api/v2`, where all paths begin so: a part of the base URL. */
function commonPrefix(operations: readonly ApiOperation[]): string {
  const [first, ...others] = operations.map(({ path }) => path);
  const parts: string[] = [];
  for (const part of first?.split("/").slice(1, -1) ?? []) {
    const longer = `/${[...parts, part].join("/")}`;
    if (
      !/^(?:api|apis|rest|v\d[\w.]*)$/i.test(part) ||
      !others.every((path) => path.startsWith(`${longer}/`))
    )
      break;
    parts.push(part);
  }
  return parts.map((part) => `/${part}`).join("");
}

function below(operation: ApiOperation, prefix: string): ApiOperation {
  return { ...operation, path: operation.path.slice(prefix.length) };
}

function chosen(carry: () => Draft): Draft | undefined {
  try {
    return carry();
  } catch (error) {
    if (error instanceof ImportFailure && error.message === "") return undefined;
    throw error;
  }
}

function byOrigin(
  calls: readonly Exchange[],
): readonly (readonly [origin: string, calls: readonly Exchange[]])[] {
  const origins = new Map<string, Exchange[]>();
  for (const call of calls) {
    const same = origins.get(call.url.origin) ?? [];
    origins.set(call.url.origin, same);
    same.push(call);
  }
  return [...origins].sort(([, a], [, b]) => b.length - a.length);
}

/** A label of a host that is no word is somebody's own: a setting. */
function serverOf(origin: string, prefix: string, isHidden: (name: string) => boolean): object {
  const { protocol, hostname, port } = new URL(origin);
  const labels = hostname.split(".");
  const names: string[] = [];
  const shown = labels.map((label, index) => {
    const isPlain = index >= labels.length - 2 ? !isHidden(label) : isHarmlessHost(label) && !isHidden(label);
    if (isPlain || /^[\d.]+$/.test(hostname)) return label;
    const name = names.length === 0 ? "subdomain" : `subdomain_${names.length + 1}`;
    names.push(name);
    return `{${name}}`;
  });
  const variables = Object.fromEntries(
    names.map((name) => [name, { description: "Part of the host that was recorded." }]),
  );
  return { url: `${protocol}//${shown.join(".")}${port === "" ? "" : `:${port}`}${prefix}`, variables };
}

function remember(ask: (name: string) => boolean): (name: string) => boolean {
  const known = new Map<string, boolean>();
  return (name) => {
    const answer = known.get(name) ?? ask(name);
    known.set(name, answer);
    return answer;
  };
}
