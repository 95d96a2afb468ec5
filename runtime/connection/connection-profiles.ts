import type { Profile } from "../../schema/ir.ts";
import { noCredentials, secretsOf } from "../credentials/credentials.ts";
import { approvedOrigins } from "../credentials/grant-key.ts";
import { type CredentialHolder, fixedHolder } from "../credentials/holder.ts";
import type { ProfileSet } from "../credentials/profile-set.ts";
import { ConnectorError } from "../errors.ts";
import type { Values } from "../request/scope.ts";
import type { Secret } from "../secrets/secret.ts";
import { suggestion } from "../suggest.ts";
import type { ConnectionContext } from "./connection-context.ts";
import { createHolder } from "./profile-credentials.ts";

const noValues: Values = new Map();

/** The profiles of one connection: which one serves, and who holds the credentials of each. */
export class ConnectionProfiles {
  readonly set: ProfileSet;
  /** By profile id; made when first asked for. */
  readonly holders: ReadonlyMap<string, CredentialHolder>;
  readonly #context: ConnectionContext;
  readonly #holders: Map<string, CredentialHolder> = new Map();

  constructor(context: ConnectionContext, set: ProfileSet) {
    this.#context = context;
    this.set = set;
    this.holders = this.#holders;
  }

  holder(profile: Profile): CredentialHolder {
    let holder = this.#holders.get(profile.id);
    if (!holder) {
      const source = this.set.sources.get(profile.id);
      holder = source ? createHolder(this.#context, profile, source) : fixedHolder();
      this.#holders.set(profile.id, holder);
    }
    return holder;
  }

  /** Of all profiles that have served so far: what messages and the answers of tools must not hold. */
  secrets(): readonly Secret[] {
    return [...this.#holders.values()].flatMap((holder) => secretsOf(holder.peek() ?? noCredentials));
  }

  /** The preferred profile, else the first that has credentials; `none` only where there is no other. */
  inUse(): Profile | undefined {
    const { preferred, sources } = this.set;
    const given = this.#context.ir.profiles.filter(({ id }) => sources.has(id));
    return given.find(({ id }) => id === preferred) ?? given.find(({ type }) => type !== "none") ?? given[0];
  }

  /** The origins to which the credentials of a profile may go, of the one in use where none is named. */
  async origins(id: string | undefined): Promise<readonly string[]> {
    const { profiles } = this.#context.ir;
    const profile = id === undefined ? this.inUse() : profiles.find((candidate) => candidate.id === id);
    if (!profile && id !== undefined)
      throw new ConnectorError({
        code: "configuration",
        phase: "configuration",
        message: `There is no profile "${id}".${suggestion(
          id,
          profiles.map((known) => known.id),
        )}`,
      });
    const source = profile && this.set.sources.get(profile.id);
    const fields = source ? await source.current() : noValues;
    return profile ? approvedOrigins(this.#context, profile, fields) : [];
  }
}
