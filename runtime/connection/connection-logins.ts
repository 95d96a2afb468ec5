import type { Login, Profile } from "../../schema/ir.ts";
import { loginRuns } from "../call/step-run.ts";
import { noCredentials, secretsOf } from "../credentials/credentials.ts";
import { grantKey } from "../credentials/grant-key.ts";
import type { CredentialHolder } from "../credentials/holder.ts";
import { type Authorization, beginLogin, type Grant, readGrant } from "../credentials/login.ts";
import type { ProfileSet } from "../credentials/profile-set.ts";
import { ConnectorError } from "../errors.ts";
import { describeFailure } from "../failure.ts";
import type { Values } from "../request/scope.ts";
import type { ConnectionContext } from "./connection-context.ts";

const noValues: Values = new Map();

/** The consents behind one connection: begun, looked at, forgotten. Its holders forget what a login has replaced. */
export class ConnectionLogins {
  readonly #context: ConnectionContext;
  readonly #profiles: ProfileSet;
  readonly #holders: ReadonlyMap<string, CredentialHolder>;

  constructor(
    context: ConnectionContext,
    profiles: ProfileSet,
    holders: ReadonlyMap<string, CredentialHolder>,
  ) {
    this.#context = context;
    this.#profiles = profiles;
    this.#holders = holders;
  }

  authorize(options: { readonly profile?: string; readonly redirectUri: string }): Promise<Authorization> {
    return this.#withLogin(options.profile, "login", async (profile, fields) => {
      const run = loginRuns(this.#context, profile);
      const begun = await beginLogin(this.#context, profile, fields, options.redirectUri, run);
      return {
        ...begun,
        complete: (redirected) =>
          this.#withLogin(profile.id, "login", async () => {
            const grant = await begun.complete(redirected);
            this.#holders.get(profile.id)?.reset?.();
            return grant;
          }),
      };
    });
  }

  grant(options: { readonly profile?: string }): Promise<Grant | undefined> {
    return this.#withLogin(options.profile, "grant", (profile, fields) =>
      readGrant(this.#context, profile, fields),
    );
  }

  forget(options: { readonly profile?: string }): Promise<boolean> {
    return this.#withLogin(options.profile, "forget", async (profile, fields) => {
      const forgotten = await this.#context.core.grants.forget(grantKey(this.#context, profile, fields));
      this.#holders.get(profile.id)?.reset?.();
      return forgotten;
    });
  }

  /** Runs what concerns the consent of a profile, its errors in context. */
  async #withLogin<T>(
    id: string | undefined,
    what: string,
    work: (profile: Profile & { readonly login: Login }, fields: Values) => Promise<T>,
  ): Promise<T> {
    try {
      this.#context.core.assertOpen();
      const profile = this.#loginProfile(id);
      const source = this.#profiles.sources.get(profile.id);
      const fields = source ? await source.current() : noValues;
      return await work(profile, fields);
    } catch (thrown) {
      const secrets = [...this.#holders.values()].flatMap((holder) =>
        secretsOf(holder.peek() ?? noCredentials),
      );
      throw describeFailure(thrown, { connector: this.#context.ir.slug, operation: what, secrets });
    }
  }

  #loginProfile(id: string | undefined): Profile & { readonly login: Login } {
    const { profiles } = this.#context.ir;
    const having = profiles.filter(hasLogin);
    const wanted = id ?? this.#profiles.preferred;
    const found =
      wanted === undefined && having.length === 1 ? having[0] : having.find((one) => one.id === wanted);
    if (found) return found;
    const names = having.map((one) => `"${one.id}"`).join(", ");
    throw new ConnectorError({
      code: "configuration",
      phase: "configuration",
      message:
        having.length === 0
          ? "No profile of this connector has a login: their credentials are given as they are."
          : wanted === undefined
            ? `Several profiles have a login: ${names}. Say which one is meant.`
            : `Profile "${wanted}" has no login. Those that have one: ${names}.`,
    });
  }
}

function hasLogin(profile: Profile): profile is Profile & { readonly login: Login } {
  return profile.login !== undefined;
}
