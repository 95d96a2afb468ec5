import type { Keyring } from "../crypto/keyring.ts";
import type { Logger, StateKey } from "../ports.ts";
import { type SecretState, stateUnavailable } from "./bounded-state.ts";
import { formatGrant, type GrantRecord, parseGrant } from "./grant-record.ts";

/** What the store holds under a key: no record where there is none, or none that this program can read. */
export interface HeldGrant {
  readonly record: GrantRecord | undefined;
  readonly fence: number;
}

/** What a spend gave and the store did not take yet. */
interface Unsaved {
  readonly spent: string;
  readonly record: GrantRecord;
  readonly fence: number;
}

/** How often a write is tried that others cut across. */
const mostWrites = 5;

/** The sealed records of consents, read and written by compare-and-set. */
export class GrantRecords {
  readonly #state: SecretState;
  readonly #keyring: Keyring;
  readonly #logger: Logger | undefined;
  readonly #unsaved: Map<string, Unsaved> = new Map();

  constructor(state: SecretState, keyring: Keyring, logger: Logger | undefined) {
    this.#state = state;
    this.#keyring = keyring;
    this.#logger = logger;
  }

  /** What counts now. What this process could not store yet is stored first, or counts by itself. */
  async load(key: StateKey): Promise<HeldGrant> {
    const unsaved = this.#unsaved.get(nameOf(key));
    if (unsaved) {
      try {
        await this.#settle(key, unsaved);
        this.#unsaved.delete(nameOf(key));
      } catch {
        return unsaved;
      }
    }
    return this.#stored(key);
  }

  /** Whether this process has something that the store did not take. */
  isUnsaved(key: StateKey): boolean {
    return this.#unsaved.has(nameOf(key));
  }

  /** Answers the new fence, or undefined where the record was written meanwhile. */
  async write(key: StateKey, fence: number, record: GrantRecord): Promise<number | undefined> {
    const sealed = this.#keyring.seal(formatGrant(record), nameOf(key));
    return this.#state.compareAndSet(key, fence, sealed, undefined);
  }

  /**
   * Keeps what the spending of a refresh token gave, and answers what counts afterwards: undefined where the consent
   * was forgotten meanwhile. A store that does not answer loses nothing: this process keeps it and stores it later.
   */
  async keep(
    key: StateKey,
    fence: number,
    spent: string,
    record: GrantRecord,
  ): Promise<GrantRecord | undefined> {
    const unsaved = { spent, record, fence };
    for (let tries = 0; tries < 2; tries++) {
      try {
        return await this.#settle(key, unsaved);
      } catch {
        // Once more: an answer that was lost is found the second time.
      }
    }
    this.#logger?.error(
      {},
      "Renewed credentials cannot be stored; this process keeps them until the state store answers.",
    );
    this.#unsaved.set(nameOf(key), unsaved);
    return record;
  }

  /** Stores what a login gave, whatever was there. */
  async adopt(key: StateKey, record: GrantRecord): Promise<void> {
    for (let tries = 0; tries < mostWrites; tries++) {
      const { fence } = await this.#stored(key);
      if ((await this.write(key, fence, record)) === undefined) continue;
      this.#unsaved.delete(nameOf(key));
      return;
    }
    throw stateUnavailable(
      "The state store does not keep the new credentials: others write the same record.",
    );
  }

  /** Deletes the record; true where there was one. */
  async forget(key: StateKey): Promise<boolean> {
    let found = this.#unsaved.delete(nameOf(key));
    for (let tries = 0; tries < mostWrites; tries++) {
      const { fence } = await this.#stored(key);
      if (fence === 0) return found;
      found = true;
      if ((await this.#state.compareAndSet(key, fence, undefined, undefined)) !== undefined) return true;
    }
    throw stateUnavailable("The state store does not forget the credentials: others write the same record.");
  }

  async #settle(key: StateKey, { spent, record, fence }: Unsaved): Promise<GrantRecord | undefined> {
    let expected = fence;
    for (let tries = 0; tries < mostWrites; tries++) {
      if ((await this.write(key, expected, record)) !== undefined) return record;
      const stored = await this.#stored(key);
      if (!stored.record) return undefined;
      // Whoever spends the same token after us, or was refused with it, knows less than we do.
      const outdated = stored.record.intent !== undefined || stored.record.dead !== undefined;
      if (stored.record.refreshToken !== spent || !outdated) return stored.record;
      expected = stored.fence;
    }
    throw stateUnavailable(
      "The state store does not keep the new credentials: others write the same record.",
    );
  }

  async #stored(key: StateKey): Promise<HeldGrant> {
    const stored = await this.#state.getSecret(key);
    if (!stored) return { record: undefined, fence: 0 };
    const text = this.#keyring.open(stored.value, nameOf(key));
    return { record: text === undefined ? undefined : parseGrant(text), fence: stored.fence };
  }
}

function nameOf(key: StateKey): string {
  return `${key.tenant}\n${key.id}`;
}
