import type { Connector, OperationAuth, Profile } from "../../schema/ir.ts";
import { ConnectorError } from "../errors.ts";
import { suggestion } from "../suggest.ts";
import { askedFields, type CredentialFunction, type FieldSource, fixedFields } from "./field-source.ts";
import { checkKeys, type GivenFields, gives, isComplete, missingCredentials, readFields } from "./fields.ts";

/** Credentials as they are, or a function that gives them. */
export type GivenCredentials = GivenFields | CredentialFunction;

/** What a connection says about its profiles. */
export interface ProfileOptions {
  readonly profile?: string;
  readonly credentials?: GivenCredentials;
  readonly profiles?: Readonly<Record<string, { readonly credentials?: GivenCredentials }>>;
}

/** The profiles for which a connection has credentials, and the one it prefers. */
export interface ProfileSet {
  readonly preferred: string | undefined;
  readonly sources: ReadonlyMap<string, FieldSource>;
}

/** Reads and checks what was given. */
export function readProfiles(ir: Connector, options: ProfileOptions): ProfileSet {
  const sources = new Map<string, FieldSource>();
  for (const [id, given] of Object.entries(options.profiles ?? {}))
    sources.set(id, sourceOf(profileOf(ir, id), given?.credentials ?? {}));
  if (options.profile !== undefined) {
    const profile = profileOf(ir, options.profile);
    if (options.credentials !== undefined || !sources.has(profile.id))
      sources.set(profile.id, sourceOf(profile, options.credentials ?? {}));
  } else addPool(ir, options.credentials, sources);
  return { preferred: options.profile, sources };
}

/** Language reference, "Authentication": the connection's profile if it is listed, else the first listed one with credentials. */
export function chooseAuth(
  auth: readonly OperationAuth[],
  profiles: ProfileSet,
  ir: Connector,
): OperationAuth | undefined {
  if (auth.length === 0) return undefined;
  const preferred = auth.find(({ profile }) => profile === profiles.preferred);
  const chosen = preferred ?? auth.find(({ profile }) => profiles.sources.has(profile));
  if (chosen) return chosen;
  const listed = auth.flatMap(({ profile }) => ir.profiles.find(({ id }) => id === profile) ?? []);
  const [first] = listed;
  if (listed.length === 1 && first)
    throw missingCredentials(
      first,
      first.fields.filter((field) => field.required).map((field) => field.key),
    );
  throw new ConnectorError({
    code: "missing_credential",
    phase: "credentials",
    message: `None of the profiles ${auth.map(({ profile }) => `"${profile}"`).join(", ")} has credentials. Give those of one under \`credentials\` or \`profiles\`.`,
  });
}

/** Credentials without a profile's name belong to every profile that they make complete. */
function addPool(
  ir: Connector,
  given: GivenCredentials | undefined,
  sources: Map<string, FieldSource>,
): void {
  const open = ir.profiles.filter((profile) => !sources.has(profile.id));
  if (typeof given === "function") {
    for (const profile of open)
      sources.set(
        profile.id,
        profile.type === "none" ? fixedFields(profile, new Map()) : askedFields(profile, given),
      );
    return;
  }
  const pool = given ?? {};
  checkKeys(ir.profiles, pool);
  for (const profile of open)
    if (isComplete(profile, pool) && isMeant(profile, pool))
      sources.set(profile.id, fixedFields(profile, readFields(profile, pool)));
  // Something was given and it is enough for none: say what the nearest profile still needs.
  if (sources.size === 0 && Object.keys(pool).length > 0)
    for (const profile of nearest(open, pool)) readFields(profile, pool);
}

/** A profile whose fields are all optional is meant only where one of them is given. */
function isMeant(profile: Profile, pool: GivenFields): boolean {
  return (
    profile.fields.length === 0 ||
    gives(pool, "access_token") ||
    profile.fields.some((field) => gives(pool, field.key))
  );
}

function nearest(profiles: readonly Profile[], pool: GivenFields): Profile[] {
  const hits = (profile: Profile): number => profile.fields.filter((field) => gives(pool, field.key)).length;
  return [...profiles].sort((a, b) => hits(b) - hits(a)).slice(0, 1);
}

function sourceOf(profile: Profile, given: GivenCredentials): FieldSource {
  if (typeof given === "function") return askedFields(profile, given);
  checkKeys([profile], given);
  return fixedFields(profile, readFields(profile, given));
}

function profileOf(ir: Connector, id: string): Profile {
  const profile = ir.profiles.find((candidate) => candidate.id === id);
  if (profile) return profile;
  throw new ConnectorError({
    code: "configuration",
    phase: "configuration",
    message: `There is no profile "${id}".${suggestion(
      id,
      ir.profiles.map((candidate) => candidate.id),
    )}`,
    details: { profile: id },
  });
}
