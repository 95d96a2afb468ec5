import type { Keyring } from "../crypto/keyring.ts";
import { aborted } from "../deadline.ts";
import { createEndingClock, type EndingClock } from "../ending-clock.ts";
import { ConnectorError } from "../errors.ts";
import type { Clock, Logger, State, StateKey } from "../ports.ts";
import type { Values } from "../request/scope.ts";
import { boundedState, type SecretState, stateUnavailable } from "./bounded-state.ts";
import { GrantChanges, type Watch } from "./grant-changes.ts";
import { deadGrant } from "./grant-errors.ts";
import { deathOf, type GrantRecord, plainValues, renewedValues, revived } from "./grant-record.ts";
import { GrantRecords } from "./grant-records.ts";
import { HeldLease, leaseMs } from "./held-lease.ts";
import { isPermanent, StepFailures } from "./step-failures.ts";

/** What a token call gave. */
export interface Granted {
  readonly values: Values;
  /** The new refresh token; undefined where the answer brought none. */
  readonly refreshToken: string | undefined;
  readonly lifeMs: number | undefined;
  /** What went wrong under the new token: it is kept, and serves nobody yet. */
  readonly failed?: unknown;
}

export interface Renewal {
  readonly key: StateKey;
  /** What is spent where nothing is stored yet. */
  readonly given: string | undefined;
  readonly origins: readonly string[];
  /** A digest of the client that spends. */
  readonly client: string;
  readonly keepRefreshToken: boolean;
  /** A record that was renewed meanwhile is good enough. */
  readonly isGood: (record: GrantRecord) => boolean;
  /**
   * Spends the refresh token. `beforeSend` is called right before the request goes: it throws where somebody else
   * may be spending too.
   */
  readonly spend: (
    refreshToken: string,
    before: GrantRecord,
    beforeSend: () => Promise<void>,
  ) => Promise<Granted>;
}

/** The consents of a runtime: read, stored, and renewed by one spender at a time (promises 5 and 7). */
export interface GrantStore {
  load(key: StateKey): Promise<GrantRecord | undefined>;
  /** Stores what a login gave, whatever was there. */
  adopt(key: StateKey, record: GrantRecord): Promise<void>;
  forget(key: StateKey): Promise<boolean>;
  /** Looks from now on whether a login or a log-out of this runtime changes the record. */
  watch(key: StateKey): Watch;
  renew(renewal: Renewal): Promise<GrantRecord>;
  /** When a failed renewal may be tried again, clock.now() milliseconds. */
  retryTime(key: StateKey): number;
  /** Begins nothing more; settles once what was begun is stored, so that the host may close its store then. */
  close(): Promise<void>;
}

/** Shorter than the lease: nobody else begins while a request of this holder may still be on its way. */
export const spendMs = 8_000;
const pollMs = 250;
/** How often what the store did not take is offered again, and for how long others are kept from the old token. */
const saveMs = 1_000;
const mostSaves = 600;
/** How long others' renewals are waited for. */
const longestWaitMs = 30_000;

export function createGrantStore(options: {
  readonly state: State;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly logger: Logger | undefined;
}): GrantStore {
  return new SharedGrantStore(options);
}

class SharedGrantStore implements GrantStore {
  readonly #state: SecretState;
  readonly #records: GrantRecords;
  readonly #clock: EndingClock;
  readonly #failures: StepFailures;
  readonly #flights: Map<string, Promise<GrantRecord>> = new Map();
  readonly #changes: GrantChanges = new GrantChanges();
  /** Each ends the offering of what the store did not take. */
  readonly #savings: Set<() => Promise<void>> = new Set();
  #closed = false;

  constructor({ state, clock, keyring, logger }: Parameters<typeof createGrantStore>[0]) {
    this.#clock = createEndingClock(clock);
    this.#state = boundedState(state, this.#clock);
    this.#records = new GrantRecords(this.#state, keyring, logger);
    // What is refused for good is written in the record: another process may bring the consent back to life.
    this.#failures = new StepFailures(clock, false);
  }

  async load(key: StateKey): Promise<GrantRecord | undefined> {
    return (await this.#records.load(key)).record;
  }

  async adopt(key: StateKey, record: GrantRecord): Promise<void> {
    await this.#records.adopt(key, record);
    this.#failures.clear(nameOf(key));
    this.#changes.note(nameOf(key));
  }

  async forget(key: StateKey): Promise<boolean> {
    this.#failures.clear(nameOf(key));
    const forgotten = await this.#records.forget(key);
    this.#changes.note(nameOf(key));
    return forgotten;
  }

  watch(key: StateKey): Watch {
    return this.#changes.watch(nameOf(key));
  }

  retryTime(key: StateKey): number {
    return this.#failures.retryTime(nameOf(key));
  }

  async renew(renewal: Renewal): Promise<GrantRecord> {
    const name = nameOf(renewal.key);
    const flight = this.#flights.get(name);
    if (flight) {
      const record = await flight;
      // The flight may have been for somebody who was content with what this caller was refused with.
      return renewal.isGood(record) ? record : (this.#flights.get(name) ?? this.#begin(renewal, name));
    }
    const failure = this.#failures.standing(name);
    if (failure) throw failure;
    if (this.#closed) throw aborted("The runtime was closed.");
    return this.#begin(renewal, name);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#flights.values());
    await Promise.all([...this.#savings].map((end) => end()));
    this.#clock.end();
  }

  #begin(renewal: Renewal, name: string): Promise<GrantRecord> {
    const started = this.#underLease(renewal).then(
      (record) => {
        this.#flights.delete(name);
        this.#failures.clear(name);
        return record;
      },
      (thrown) => {
        this.#flights.delete(name);
        this.#failures.record(name, thrown);
        throw thrown;
      },
    );
    this.#flights.set(name, started);
    return started;
  }

  /** One spender over all processes; whoever waited takes what the other has stored. */
  async #underLease(renewal: Renewal): Promise<GrantRecord> {
    const leaseKey: StateKey = { ...renewal.key, kind: "lease" };
    const patience = this.#clock.now() + longestWaitMs;
    while (this.#clock.now() < patience) {
      const lease = await this.#state.lease(leaseKey, leaseMs);
      if (lease) {
        const held = new HeldLease(lease, this.#clock, leaseMs);
        try {
          return await this.#spend(renewal, held);
        } finally {
          if (this.#records.isUnsaved(renewal.key)) this.#saveBehind(renewal.key, held);
          else await held.release();
        }
      }
      await this.#changed(renewal.key);
      if (this.#closed) throw aborted("The runtime was closed.");
      const record = await this.load(renewal.key);
      const dead = deathOf(record, renewal.client);
      if (dead !== undefined) throw deadGrant(dead);
      if (record && renewal.isGood(record)) return record;
    }
    throw stateUnavailable("Others renew the same credentials and do not come to an end. Try again.");
  }

  /** Intent, spend, store: in this order, so that no token is spent twice and none is lost unseen. */
  async #spend(renewal: Renewal, lease: HeldLease): Promise<GrantRecord> {
    const { key } = renewal;
    const held = await this.#records.load(key);
    const dead = deathOf(held.record, renewal.client);
    if (dead !== undefined) throw deadGrant(dead);
    if (held.record && renewal.isGood(held.record)) return held.record;
    const refreshToken = held.record ? held.record.refreshToken : renewal.given;
    if (refreshToken === undefined) throw deadGrant("the token has ended and there is no refresh token");
    const unsure = held.record?.intent !== undefined;
    const before: GrantRecord = held.record
      ? revived(held.record)
      : { values: [], refreshToken, obtainedAt: 0, lifeMs: 0, origins: renewal.origins };
    const intent = await this.#records.write(key, held.fence, {
      ...before,
      intent: { at: this.#clock.wall() },
    });
    if (intent === undefined)
      throw stateUnavailable("Another process renews the same credentials. Try again.");
    let allowed = false;
    let granted: Granted;
    try {
      granted = await renewal.spend(refreshToken, before, async () => {
        // From here on the lease outlasts the time that the call has, and that of storing what it gives.
        if (!(await lease.keep()))
          throw stateUnavailable("The right to renew was lost while waiting. Try again.");
        allowed = true;
      });
    } catch (thrown) {
      return this.#failed(renewal, { before, intent, unsure, sent: allowed }, thrown);
    }
    const kept = await this.#records.keep(key, intent, refreshToken, {
      values: renewedValues(before.values, plainValues(granted.values)),
      ...refreshTokenOf(granted.refreshToken ?? (renewal.keepRefreshToken ? refreshToken : undefined)),
      obtainedAt: this.#clock.wall(),
      ...(granted.lifeMs === undefined ? {} : { lifeMs: granted.lifeMs }),
      origins: before.origins,
    });
    if (granted.failed !== undefined) throw granted.failed;
    if (!kept) throw deadGrant("it was deleted while it was renewed");
    return kept;
  }

  /** What a failed spend leaves behind: a dead record, an open question, or things as they were. */
  async #failed(renewal: Renewal, spend: Spend, thrown: unknown): Promise<GrantRecord> {
    const { before, intent, unsure, sent } = spend;
    if (!ConnectorError.is(thrown)) throw thrown;
    if (!isPermanent(thrown)) {
      // What became of an earlier spend stays unknown: this failure says nothing of it.
      if (!unsure && (!sent || isUnspent(thrown)))
        await this.#quietly(this.#records.write(renewal.key, intent, before));
      throw thrown;
    }
    const said = thrown.details?.server_message ?? thrown.details?.server_code ?? "no reason";
    const dead = `the server refused the refresh token (${String(said)})${unsure ? "; an earlier renewal was cut off midway, and may have used it up" : ""}`;
    const deadClient = clientCodes.has(String(thrown.details?.server_code)) ? renewal.client : undefined;
    const record = { ...before, dead, ...(deadClient === undefined ? {} : { deadClient }) };
    const written = await this.#quietly(this.#records.write(renewal.key, intent, record));
    if (written === undefined) {
      // Somebody else has stored something newer meanwhile.
      const newer = await this.load(renewal.key);
      if (newer && newer.dead === undefined && renewal.isGood(newer)) return newer;
    }
    throw deadGrant(dead, thrown);
  }

  /**
   * Others would spend the old token, which ends the login where refresh tokens rotate: they are kept off until the
   * new one is stored, or the lease is lost all the same.
   */
  #saveBehind(key: StateKey, lease: HeldLease): void {
    let left = mostSaves;
    const end = async (): Promise<void> => {
      timer.cancel();
      this.#savings.delete(end);
      await this.#quietly(this.load(key));
      await lease.release();
    };
    const save = async (): Promise<void> => {
      await this.#quietly(this.load(key));
      if (!this.#savings.has(end)) return;
      if (this.#records.isUnsaved(key) && !lease.isLost() && --left > 0)
        timer = this.#clock.timer(saveMs, save);
      else await end();
    };
    let timer = this.#clock.timer(saveMs, save);
    this.#savings.add(end);
  }

  #changed(key: StateKey): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        timer.cancel();
        unsubscribe();
        resolve();
      };
      const timer = this.#clock.timer(pollMs, done);
      const unsubscribe = this.#state.subscribe(key, done);
    });
  }

  /** What cannot be told to the store is found out by the next holder. */
  async #quietly<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
      return await answer;
    } catch {
      return undefined;
    }
  }
}

interface Spend {
  readonly before: GrantRecord;
  readonly intent: number;
  /** An earlier spend had no answer. */
  readonly unsure: boolean;
  /** The request was allowed to go. */
  readonly sent: boolean;
}

/** The client is refused, not the consent. */
const clientCodes: ReadonlySet<string> = new Set(["invalid_client", "unauthorized_client"]);

/** The server says that it did nothing, or no byte left. After a success, or a gateway's silence, nobody knows. */
function isUnspent({ status, details, code }: ConnectorError): boolean {
  if (status !== undefined) return status >= 300 && status !== 502 && status !== 504;
  return details?.sent === false || code === "destination_blocked";
}

function nameOf(key: StateKey): string {
  return `${key.tenant}\n${key.id}`;
}

function refreshTokenOf(refreshToken: string | undefined): { readonly refreshToken?: string } {
  return refreshToken === undefined ? {} : { refreshToken };
}
