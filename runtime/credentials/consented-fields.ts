import type { Profile } from "../../schema/ir.ts";
import type { Awaitable } from "../ports.ts";
import type { Values } from "../request/scope.ts";
import { reveal } from "../secrets/secret.ts";
import { type Credentials, concealExtract, noCredentials } from "./credentials.ts";
import type { FieldSource } from "./field-source.ts";
import type { Watch } from "./grant-changes.ts";
import { checkOrigins, nothingToRenew } from "./grant-errors.ts";
import type { GrantRecord } from "./grant-record.ts";
import type { CredentialHolder } from "./holder.ts";

/** Fields as given, completed by what a login has stored. Such credentials do not end by themselves. */
export function consentedFields(options: {
  readonly profile: Profile;
  readonly source: FieldSource;
  readonly load: (fields: Values) => Promise<GrantRecord | undefined>;
  /** Looks from now on whether the record is replaced or forgotten. */
  readonly watch: (fields: Values) => Watch;
  readonly origins: (fields: Values) => readonly string[];
}): CredentialHolder {
  const { profile, source, load, watch, origins } = options;
  let held: Credentials | undefined;
  let changed: Watch = () => false;
  let completing: Promise<Credentials> | undefined;
  const complete = async (fields: Values): Promise<Credentials> => {
    if (fields.has("token")) return { ...noCredentials, fields };
    changed = watch(fields);
    const record = await load(fields);
    if (!record) throw nothingToRenew(false, profile);
    checkOrigins(profile, record, origins(fields));
    const stored = record.values.map(([name, value]) => [name, concealExtract(name, value)] as const);
    return { ...noCredentials, fields: new Map([...stored, ...fields]) };
  };
  const completed = async (): Promise<Credentials> => complete(await source.current());
  const start = (): Promise<Credentials> => {
    if (completing) return completing;
    const started = completed().then(
      (credentials) => {
        // A login that ended meanwhile has made this one old.
        if (completing === started) {
          held = credentials;
          completing = undefined;
        }
        return credentials;
      },
      (thrown) => {
        if (completing === started) completing = undefined;
        throw thrown;
      },
    );
    completing = started;
    return started;
  };
  const reset = (): void => {
    held = undefined;
    completing = undefined;
    changed = () => false;
  };
  return {
    current: (): Awaitable<Credentials> => {
      if (changed()) reset();
      return held ?? start();
    },
    peek: () => held,
    renew: async (refused) => {
      if (changed()) reset();
      if (held && held !== refused) return held;
      if (!(await source.replace(refused.fields))) {
        // Somebody may have signed in again, perhaps in another process.
        const again = await completed();
        if (tokenOf(again) === tokenOf(refused)) return undefined;
      }
      held = undefined;
      return start();
    },
    rejected: () => {},
    reset,
  };
}

function tokenOf({ fields }: Credentials): unknown {
  return reveal(fields.get("token"));
}
