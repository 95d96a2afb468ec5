/**
 * What a given refresh token has been exchanged for, in the memory of one client; stands in for the store of consents. A new
 * refresh token that a server gives lives as long as the client does.
 */
import { deadGrant } from "../credentials/grant-errors.ts";
import { type GrantRecord, plainValues, renewedValues } from "../credentials/grant-record.ts";
import type { GrantStore, Renewal } from "../credentials/grant-store.ts";
import { isPermanent, StepFailures } from "../credentials/step-failures.ts";
import { ConnectorError } from "../errors.ts";
import type { Clock, StateKey } from "../ports.ts";

export function createConsentStore(clock: Clock): GrantStore {
  const records = new Map<string, GrantRecord>();
  const flights = new Map<string, Promise<GrantRecord>>();
  const failures = new StepFailures(clock);

  const spend = async (renewal: Renewal): Promise<GrantRecord> => {
    const { key, given, origins, keepRefreshToken } = renewal;
    const held = records.get(key.id);
    const refreshToken = held ? held.refreshToken : given;
    if (refreshToken === undefined) throw deadGrant("the token has ended and there is no refresh token");
    const before: GrantRecord = held ?? { values: [], refreshToken, obtainedAt: 0, lifeMs: 0, origins };
    try {
      const granted = await renewal.spend(refreshToken, before, () => Promise.resolve());
      const next = granted.refreshToken ?? (keepRefreshToken ? refreshToken : undefined);
      const record: GrantRecord = {
        values: renewedValues(before.values, plainValues(granted.values)),
        ...(next === undefined ? {} : { refreshToken: next }),
        obtainedAt: clock.wall(),
        ...(granted.lifeMs === undefined ? {} : { lifeMs: granted.lifeMs }),
        origins,
      };
      records.set(key.id, record);
      if (granted.failed !== undefined) throw granted.failed;
      failures.clear(key.id);
      return record;
    } catch (thrown) {
      failures.record(key.id, thrown);
      throw ConnectorError.is(thrown) && isPermanent(thrown)
        ? deadGrant(`the server refused the refresh token (${String(thrown.details?.server_code)})`, thrown)
        : thrown;
    }
  };

  return {
    load: ({ id }) => Promise.resolve(records.get(id)),
    adopt: () => Promise.resolve(),
    forget: () => Promise.resolve(false),
    watch: () => () => false,
    renew: async (renewal) => {
      const { id } = renewal.key;
      const flight = flights.get(id);
      const record = flight && (await flight);
      if (record && renewal.isGood(record)) return record;
      const failure = failures.standing(id);
      if (failure) throw failure;
      const started = flights.get(id) ?? spend(renewal).finally(() => flights.delete(id));
      flights.set(id, started);
      return started;
    },
    retryTime: ({ id }: StateKey) => failures.retryTime(id),
    close: async () => {
      await Promise.allSettled(flights.values());
    },
  };
}
