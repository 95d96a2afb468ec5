/** What steps gave, in memory: one call for all who ask at once, and a common back-off after failures. */
import { marginMs } from "../credentials/life.ts";
import { amended, ConnectorError } from "./errors.ts";
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

export interface Tokens {
  get(key: string, obtain: () => Promise<Obtained>, ahead: boolean, insist: boolean): Promise<Entry>;
  drop(key: string, refused: Entry): void;
}

const mostEntries = 10_000;

interface Failure {
  readonly error: ConnectorError;
  readonly until: number;
  readonly delayMs: number;
}

export function createTokens(clock: Clock): Tokens {
  const entries = new Map<string, Entry>();
  const flights = new Map<string, Promise<Entry>>();
  const failures = new Map<string, Failure>();
  const fly = async (key: string, obtain: () => Promise<Obtained>): Promise<Entry> => {
    try {
      const { values, lifeMs = Infinity } = await obtain();
      const now = clock.now();
      const until = now + lifeMs;
      const entry = {
        values,
        obtainedAt: now,
        renewAt: lifeMs === Infinity ? until : until - marginMs(lifeMs),
        until,
      };
      failures.delete(key);
      keep(entries, key, entry);
      return entry;
    } catch (thrown) {
      if (ConnectorError.is(thrown) && thrown.code !== "aborted") {
        const delayMs = Math.min((failures.get(key)?.delayMs ?? 500) * 2, 30_000);
        const asked = Math.min((thrown.retryAt ?? 0) - clock.wall(), 600_000);
        const until = isPermanent(thrown) ? Infinity : clock.now() + Math.max(delayMs, asked);
        keep(failures, key, { error: thrown, delayMs, until });
      }
      throw thrown;
    } finally {
      flights.delete(key);
    }
  };
  return {
    get: async (key, obtain, ahead, insist) => {
      const flight = flights.get(key);
      if (flight) return flight;
      const entry = entries.get(key);
      const now = clock.now();
      if (entry && now < (ahead ? entry.renewAt : entry.until)) return entry;
      const failed = insist ? undefined : failures.get(key);
      if (failed && now < failed.until)
        throw failed.until === Infinity
          ? failed.error
          : amended(failed.error, { retryAt: Math.ceil(clock.wall() + failed.until - now) });
      const started = fly(key, obtain);
      flights.set(key, started);
      return started;
    },
    drop: (key, refused) => {
      if (entries.get(key) === refused) entries.delete(key);
    },
  };
}

function keep<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > mostEntries && oldest !== undefined) map.delete(oldest);
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
