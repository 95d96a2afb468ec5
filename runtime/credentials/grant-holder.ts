import type { Profile } from "../../schema/ir.ts";
import type { Core } from "../core.ts";
import { ConnectorError } from "../errors.ts";
import type { Awaitable, StateKey } from "../ports.ts";
import type { Values } from "../request/scope.ts";
import { reveal } from "../secrets/secret.ts";
import { type Credentials, concealExtract, extractKey, noCredentials } from "./credentials.ts";
import type { FieldSource } from "./field-source.ts";
import type { Watch } from "./grant-changes.ts";
import { checkOrigins, deadGrant, nothingToRenew } from "./grant-errors.ts";
import { deathOf, type GrantRecord } from "./grant-record.ts";
import type { Granted } from "./grant-store.ts";
import type { CredentialHolder } from "./holder.ts";
import { givenLifeMs, marginMs } from "./life.ts";

/** What the credentials of a consent need. */
export interface GrantHolderOptions {
  readonly core: Core;
  readonly profile: Profile;
  readonly source: FieldSource;
  readonly keepRefreshToken: boolean;
  /** Where the record of these fields is kept. */
  readonly key: (fields: Values) => StateKey;
  /** A digest of the client that these fields are of. */
  readonly client: (fields: Values) => string;
  /** The origins that the descriptor names for these fields now. */
  readonly origins: (fields: Values) => readonly string[];
  /** `held`: the credentials whose token has ended, as far as there are any. */
  readonly spend: (
    held: Credentials,
    refreshToken: string,
    beforeSend: () => Promise<void>,
  ) => Promise<Granted>;
}

/** How long a new token that was refused keeps others from being asked for. */
const rejectedMs = 30_000;

/** Credentials that a person consented to: kept in the store, renewed by their refresh token. */
export class GrantHolder implements CredentialHolder {
  readonly #options: GrantHolderOptions;
  #held: Credentials | undefined;
  /** The fullest set so far, failed walks included. */
  #seen: Credentials | undefined;
  #walking: Promise<Credentials> | undefined;
  #nextAhead = 0;
  /** A token that was refused though it was new, and until when that stands. */
  #rejected: { readonly token: unknown; readonly until: number } | undefined;
  /** Whether somebody else has signed in or out since what is at hand was read. */
  #changed: Watch = () => false;
  /** Counts the times that the store was changed under what is at hand. */
  #resets = 0;

  constructor(options: GrantHolderOptions) {
    this.#options = options;
  }

  current(): Awaitable<Credentials> {
    const { core } = this.#options;
    const now = core.clock.now();
    if (this.#changed()) this.reset();
    const held = this.#held;
    if (held && now < held.renewAt) return held;
    if (held && now < held.until) {
      // The old token serves while the new one is fetched behind.
      if (!this.#walking && now >= this.#nextAhead) this.#start(held).catch(() => this.#delayAhead(held));
      return held;
    }
    return this.#start(undefined);
  }

  peek(): Credentials | undefined {
    return this.#seen;
  }

  async renew(refused: Credentials): Promise<Credentials | undefined> {
    const now = this.#options.core.clock.now();
    if (this.#changed()) this.reset();
    const held = this.#held;
    if (held && !sameToken(held, refused) && now < held.until) return held;
    const rejected = this.#rejected;
    if (rejected && now < rejected.until && rejected.token === reveal(refused.token)) return undefined;
    // What runs already may be content with the very token that was refused.
    const running = await this.#walking?.catch(() => undefined);
    if (running && !sameToken(running, refused)) return running;
    return this.#start(refused);
  }

  /** Another token was refused as well: tokens are not what is wrong, and none is spent for a while. */
  rejected(refused: Credentials): void {
    const until = this.#options.core.clock.now() + rejectedMs;
    this.#rejected = { token: reveal(refused.token), until };
  }

  reset(): void {
    this.#resets++;
    this.#held = undefined;
    this.#walking = undefined;
    this.#rejected = undefined;
    this.#changed = () => false;
  }

  /** Adopts what another holder has renewed, or renews; `outdated` is not good enough. */
  #start(outdated: Credentials | undefined): Promise<Credentials> {
    if (this.#walking) return this.#walking;
    const started = this.#resolve(outdated, this.#resets).finally(() => {
      if (this.#walking === started) this.#walking = undefined;
    });
    this.#walking = started;
    return started;
  }

  async #resolve(outdated: Credentials | undefined, resets: number): Promise<Credentials> {
    const { source } = this.#options;
    const fields = await source.current();
    this.#seen ??= { ...noCredentials, fields };
    let credentials: Credentials;
    try {
      credentials = await this.#granted(fields, outdated);
    } catch (thrown) {
      // What the user's function gave before has ended: it may have something newer.
      const replaced = isEnded(thrown) ? await source.replace(fields) : undefined;
      if (!replaced) throw thrown;
      this.#seen = { ...noCredentials, fields: replaced };
      credentials = await this.#granted(replaced, outdated);
    }
    this.#seen = credentials;
    if (this.#resets === resets) this.#held = credentials;
    return credentials;
  }

  async #granted(fields: Values, outdated: Credentials | undefined): Promise<Credentials> {
    const { core, profile, key, origins, keepRefreshToken, spend } = this.#options;
    const stateKey = key(fields);
    // What is at hand serves while this goes on, but not if it is of a consent that was replaced or forgotten.
    if (this.#changed()) this.#held = undefined;
    this.#changed = core.grants.watch(stateKey);
    const approved = origins(fields);
    const stored = await core.grants.load(stateKey);
    if (stored) checkOrigins(profile, stored, approved);
    const isGood = (candidate: Credentials): boolean =>
      candidate.token !== undefined &&
      !(outdated && sameToken(candidate, outdated)) &&
      core.clock.now() < candidate.until;
    const client = this.#options.client(fields);
    const dead = deathOf(stored, client);
    const kept = stored && dead === undefined ? this.#fromRecord(fields, stored) : undefined;
    // A record without a token is that of a first renewal which failed.
    const atHand = kept?.token === undefined ? this.#fromFields(fields) : kept;
    if (atHand && isGood(atHand)) return atHand;
    if (dead !== undefined) throw deadGrant(dead);
    const given = text(fields.get("refresh_token"));
    if ((stored ? stored.refreshToken : given) === undefined)
      throw nothingToRenew(atHand !== undefined, profile);
    const record = await core.grants.renew({
      key: stateKey,
      given,
      origins: approved,
      client,
      keepRefreshToken,
      isGood: (candidate) => isGood(this.#fromRecord(fields, candidate)),
      spend: (refreshToken, before, beforeSend) =>
        spend(this.#fromRecord(fields, before), refreshToken, beforeSend),
    });
    return this.#fromRecord(fields, record);
  }

  #fromRecord(fields: Values, record: GrantRecord): Credentials {
    const { clock } = this.#options.core;
    const age = Math.max(0, clock.wall() - record.obtainedAt);
    const values = record.values.map(([name, value]) => [name, concealExtract(name, value)] as const);
    const token = values.find(([name]) => name === "access_token")?.[1];
    return {
      // A signature takes what a login gave as if it had been given: OAuth 1's token and its secret.
      fields: new Map([...values.filter(([name]) => name === "token" || name === "token_secret"), ...fields]),
      extracts: new Map(values.map(([name, value]) => [extractKey("token", name), value])),
      oauth: new Map(values),
      token,
      ...ends(clock.now() - age, record.lifeMs),
    };
  }

  /** A token that was given, and no login has replaced. */
  #fromFields(fields: Values): Credentials | undefined {
    const token = fields.get("access_token");
    if (token === undefined) return undefined;
    const { clock } = this.#options.core;
    const lifeMs = givenLifeMs(reveal(fields.get("expires_at")), clock.wall());
    return { ...noCredentials, fields, token, ...ends(clock.now(), lifeMs) };
  }

  #delayAhead(held: Credentials): void {
    const { core, key } = this.#options;
    this.#nextAhead = Math.min(
      held.until,
      Math.max(core.clock.now() + 1000, core.grants.retryTime(key(held.fields))),
    );
  }
}

function ends(from: number, lifeMs: number | undefined): Pick<Credentials, "renewAt" | "until"> {
  if (lifeMs === undefined) return { renewAt: Number.POSITIVE_INFINITY, until: Number.POSITIVE_INFINITY };
  return { renewAt: from + lifeMs - marginMs(lifeMs), until: from + lifeMs };
}

function text(value: unknown): string | undefined {
  const plain = reveal(value);
  return typeof plain === "string" && plain !== "" ? plain : undefined;
}

function sameToken(one: Credentials, other: Credentials): boolean {
  return reveal(one.token) === reveal(other.token);
}

function isEnded(thrown: unknown): boolean {
  return ConnectorError.is(thrown) && thrown.code === "reauthorization_required";
}
