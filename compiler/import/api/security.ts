/** Security requirements to profiles: alternatives become several profiles, what is needed together one. */
import type { AuthProfile, CredentialChain } from "../../../schema/descriptor.ts";
import { Names, snakeCase } from "../names.ts";
import type { Notes } from "../notes.ts";
import type { DataMap } from "../plain-data.ts";
import type { Api } from "./model.ts";
import type { Part } from "./security-part.ts";

/** More combinations of flows are not what anyone means. */
const maxCombined = 8;

export class Security {
  readonly profiles: AuthProfile[] = [];
  readonly chains: CredentialChain[] = [];
  readonly #api: Api;
  readonly #baseUrl: string;
  readonly #notes: Notes;
  readonly #ids = new Names();
  /** Profiles of each set of schemes. */
  readonly #known = new Map<string, readonly string[]>();
  readonly #parts = new Map<string, readonly Part[]>();
  /** What is offered to operations of which the document does not say whether they need a credential. */
  readonly #offered: readonly DataMap[];

  constructor(api: Api, baseUrl: string, notes: Notes) {
    this.#api = api;
    this.#baseUrl = baseUrl;
    this.#notes = notes;
    this.#offered = offered(api);
  }

  /** The profiles that an operation takes, in their order; what needs no credential comes last. */
  referTo(own: readonly DataMap[] | undefined, pointer: string): string | [string, ...string[]] {
    const requirements = own ?? this.#api.security ?? this.#offered;
    const sets = requirements.map((requirement) => Object.keys(requirement));
    const wanted = [
      ...sets.filter((names) => names.length > 0),
      ...sets.filter((names) => names.length === 0),
    ];
    const ids = [...new Set(wanted.flatMap((names) => this.#profilesOf(names, pointer)))];
    const [first, ...rest] = ids.length > 0 ? ids : this.#profilesOf([], pointer);
    return rest.length === 0 ? (first ?? "none") : [first ?? "none", ...rest];
  }

  /** Placements of all profiles: a parameter of the same place would stand in their way. */
  places(header: string): boolean {
    const name = header.toLowerCase();
    return this.profiles.some((profile) =>
      Object.keys(profile.auth_headers ?? {}).some((key) => key.toLowerCase() === name),
    );
  }

  /** Whether a profile sends a query entry of that name. */
  placesQuery(name: string): boolean {
    return this.profiles.some((profile) => Object.hasOwn(profile.auth_query ?? {}, name));
  }

  #profilesOf(names: readonly string[], pointer: string): readonly string[] {
    const known = names.filter((name) => this.#api.schemes.has(name));
    for (const name of names)
      if (!known.includes(name))
        this.#notes.lose(pointer, `The security scheme \`${name}\` is not declared: it is left out.`);
    if (names.length > 0 && known.length === 0) return [];
    const key = JSON.stringify([...known].sort());
    const ids =
      this.#known.get(key) ??
      combine(known.map((name) => this.#partsOf(name))).map((parts) => this.#add(known, parts));
    this.#known.set(key, ids);
    return ids;
  }

  /** A part that sends nothing of its own beside a weightier one is not asked for. */
  #withoutOutdone(parts: readonly Part[], schemes: readonly string[]): readonly Part[] {
    const kept: Part[] = [];
    for (const part of parts) {
      const sent = placements(part);
      const taken = new Set(kept.flatMap(placements));
      const isIdle = !part.oauth && !part.own && !part.chain && !part.mtls;
      if (sent.length === 0 || !isIdle || !sent.every((place) => taken.has(place))) kept.push(part);
      else {
        const names = Object.keys({ ...part.headers, ...part.query, ...part.cookies }).join(", ");
        const message = `${schemes.join(" and ")} want ${names} both: one of them is left out.`;
        this.#notes.lose("/security", message);
      }
    }
    return kept;
  }

  #partsOf(name: string): readonly Part[] {
    const scheme = this.#api.schemes.get(name);
    const parts = this.#parts.get(name) ?? scheme?.(this.#baseUrl, this.#notes) ?? [];
    this.#parts.set(name, parts);
    return parts;
  }

  /** A profile of the parts, which are needed together. */
  #add(schemes: readonly string[], parts: readonly Part[]): string {
    const [main, ...others] = this.#withoutOutdone(
      [...parts].sort((a, b) => weight(b) - weight(a)),
      schemes,
    );
    const type = main?.type ?? "none";
    const name = schemes.map(snakeCase).filter(Boolean).join("_and_") || type;
    const flows = schemes.reduce((sum, scheme) => sum * this.#partsOf(scheme).length, 1);
    const id = this.#ids.take(flows > 1 ? `${name}_${shortType(main)}` : name);
    const profile = profileOf(type, id, main, others, schemes, this.#notes);
    this.profiles.push(profile);
    for (const { chain } of parts)
      if (chain && !this.chains.some((one) => one.chain_id === chain.chain_id)) this.chains.push(chain);
    if (this.#offered.some((one) => Object.hasOwn(one, schemes[0] ?? "")))
      this.#notes.comment(
        profile,
        undefined,
        "The document does not say which operations need this; it is offered to all of which nothing is said.",
      );
    for (const { remark } of main ? [main, ...others] : [])
      if (remark !== undefined) this.#notes.comment(profile, undefined, remark);
    return id;
  }
}

/**
 * A document that declares schemes, and names none for all of its operations, has most likely forgotten to: those that
 * some operations name, else all of them, and none.
 */
function offered({ schemes, security, operations }: Api): readonly DataMap[] {
  if (schemes.size === 0 || security !== undefined) return [];
  const named = operations
    .flatMap((operation) => operation.security ?? [])
    .filter((one) => Object.keys(one).length > 0);
  const known = new Map(named.map((one) => [JSON.stringify(Object.keys(one).sort()), one]));
  const all = known.size > 0 ? [...known.values()] : [...schemes.keys()].map((name) => ({ [name]: [] }));
  return [...all, {}];
}

/** The places that a part fills, as `headers Authorization`. */
function placements(part: Part): readonly string[] {
  return (["headers", "query", "cookies"] as const).flatMap((kind) =>
    Object.keys(part[kind]).map((name) => `${kind} ${kind === "headers" ? name.toLowerCase() : name}`),
  );
}

function shortType(part: Part | undefined): string {
  if (part?.chain) return "password";
  return (part?.type ?? "none").replace("oauth2_", "");
}

/** What a profile is called after: what obtains a token, before what is only sent. */
function weight({ type, mtls, chain }: Part): number {
  if (mtls) return 0;
  if (chain) return 5;
  return ["none", "api_key", "bearer", "basic", "digest"].includes(type)
    ? ["none", "api_key", "bearer", "basic", "digest"].indexOf(type)
    : 6;
}

/** Every way to take one part of each scheme. */
function combine(all: readonly (readonly Part[])[]): readonly (readonly Part[])[] {
  let combined: (readonly Part[])[] = [[]];
  for (const parts of all)
    combined = combined.flatMap((chosen) => parts.map((part) => [...chosen, part])).slice(0, maxCombined);
  return combined;
}

function profileOf(
  type: AuthProfile["type"],
  id: string,
  main: Part | undefined,
  others: readonly Part[],
  schemes: readonly string[],
  notes: Notes,
): AuthProfile {
  const parts = main ? [main, ...others] : [];
  const profile: Record<string, unknown> = { type };
  if (id !== type) profile.profile_id = id;
  const description = parts.flatMap((part) => part.description ?? []).join(" ");
  if (description !== "") profile.description = description.slice(0, 500).trim();
  const isAlone = others.length === 0 && (main?.implied ?? true);
  if (!isAlone) {
    profile.fields = parts.flatMap(({ fields }) => fields).filter(isFirstOf);
    for (const key of ["headers", "query", "cookies"] as const) place(profile, key, parts, schemes, notes);
  }
  if (main?.oauth) profile.oauth = main.oauth;
  if (main?.own) Object.assign(profile, main.own);
  const chain = parts.find((part) => part.chain)?.chain;
  if (chain) profile.credential_chain_id = chain.chain_id;
  const mtls = parts.find((part) => part.mtls)?.mtls;
  if (mtls) profile.mtls = mtls;
  // Built key by key in the order in which a profile is read; its parts hold what each type needs.
  return profile as unknown as AuthProfile;
}

function isFirstOf(
  { key }: { readonly key: string },
  index: number,
  all: readonly { readonly key: string }[],
): boolean {
  return all.findIndex((field) => field.key === key) === index;
}

/** Two schemes may want one header, which can have one value: the weightier keeps it. */
function place(
  profile: Record<string, unknown>,
  kind: "headers" | "query" | "cookies",
  parts: readonly Part[],
  schemes: readonly string[],
  notes: Notes,
): void {
  const entries = new Map<string, string>();
  for (const part of parts)
    for (const [name, value] of Object.entries(part[kind]))
      if (!entries.has(name)) entries.set(name, value);
      else if (entries.get(name) !== value)
        notes.lose(
          "/security",
          `${schemes.join(" and ")} want ${name} both: the first of them sends it.`,
          profile,
        );
  if (entries.size > 0) profile[`auth_${kind}`] = Object.fromEntries(entries);
}
