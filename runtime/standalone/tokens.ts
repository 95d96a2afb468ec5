/** What steps gave, in memory: one call for all who ask at once, and a common back-off after failures. */
import { marginMs } from "../credentials/life.ts";
import { amended, ConnectorError } from "./errors.ts";
import { planHas } from "./plan-has.ts";
import type { Clock } from "./types.ts";

export interface Entry {
  readonly values: ReadonlyMap<string, unknown>;
  /** By clock.now(). */
  readonly obtainedAt: number;
  readonly renewAt: number;
  readonly until: number;
}

export interface Obtained {
  readonly values: ReadonlyMap<string, unknown>;
  /** Undefined: until it is refused. */
  readonly lifeMs: number | undefined;
}

/** `ahead` takes no entry that is to be renewed; `insist` asks though asking has just failed. */
export type Manner = "ahead" | "insist" | undefined;

export interface Tokens {
  get(key: string, obtain: () => Promise<Obtained>, manner?: Manner): Promise<Entry>;
  drop(key: string, refused: Entry): void;
}

const mostEntries = 10_000;

interface Slot {
  entry?: Entry | undefined;
  flight?: Promise<Entry> | undefined;
  /** Asking has failed, and others are told the same until then. */
  error?: ConnectorError | undefined;
  until?: number;
  delayMs?: number;
}

export function createTokens(clock: Clock): Tokens {
  const slots = new Map<string, Slot>();
  const fly = async (slot: Slot, obtain: () => Promise<Obtained>): Promise<Entry> => {
    try {
      const { values, lifeMs = Infinity } = await obtain();
      const now = clock.now();
      const until = now + lifeMs;
      const renewAt = lifeMs === Infinity ? until : until - marginMs(lifeMs);
      slot.error = undefined;
      slot.delayMs = 500;
      slot.entry = { values, obtainedAt: now, renewAt, until };
      return slot.entry;
    } catch (thrown) {
      if (ConnectorError.is(thrown) && thrown.code !== "aborted") {
        slot.error = thrown;
        slot.delayMs = Math.min((slot.delayMs ?? 500) * 2, 30_000);
        const asked = Math.min((thrown.retryAt ?? 0) - clock.wall(), 600_000);
        slot.until =
          planHas.permanent && isPermanent(thrown) ? Infinity : clock.now() + Math.max(slot.delayMs, asked);
      }
      throw thrown;
    } finally {
      slot.flight = undefined;
    }
  };
  return {
    get: async (key, obtain, manner) => {
      const slot = slots.get(key) ?? {};
      slots.delete(key);
      slots.set(key, slot);
      const [oldest = ""] = slots.keys();
      if (slots.size > mostEntries) slots.delete(oldest);
      const { entry, flight, error, until = 0 } = slot;
      if (flight) return flight;
      const now = clock.now();
      if (entry && now < (manner === "ahead" ? entry.renewAt : entry.until)) return entry;
      if (error && manner !== "insist" && now < until)
        throw until === Infinity ? error : amended(error, { retryAt: Math.ceil(clock.wall() + until - now) });
      slot.flight = fly(slot, obtain);
      return slot.flight;
    },
    drop: (key, refused) => {
      const slot = slots.get(key);
      if (slot?.entry === refused) slot.entry = undefined;
    },
  };
}

/** What a token endpoint says when no later try can help (RFC 6749, section 5.2; the last is GitHub's word for invalid_grant). */
const permanentCodes =
  "invalid_grant invalid_client unauthorized_client unsupported_grant_type invalid_scope access_denied bad_refresh_token";

/** A refusal that holds until the credential changes. */
export function isPermanent({ status = 0, details }: ConnectorError): boolean {
  return (
    [200, 400, 401, 403].includes(status) && permanentCodes.split(" ").includes(String(details?.server_code))
  );
}
