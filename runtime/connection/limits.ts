import type { Connector, Limit } from "../../schema/ir.ts";
import type { Core } from "../core.ts";
import { type Credentials, valuesOf } from "../credentials/credentials.ts";
import type { Identity } from "../identity.ts";
import type { Lane } from "../pacing/pacer.ts";
import type { LimitObject } from "../ports.ts";
import { reveal } from "../secrets/secret.ts";

/** A limit with the object that counts for it. */
export interface ActiveLimit {
  readonly rule: Limit;
  readonly object: LimitObject;
}

/** What a call waits for: its limits, the narrowest first, and the pacer's lane for them. */
export interface CallLane {
  readonly limits: readonly ActiveLimit[];
  readonly lane: Lane;
}

/** Finds the lane of a set of limits (indexes into the connector's); made once, and again when a credential changes. */
export type LaneOf = (limits: readonly number[], credentials: Credentials) => CallLane | undefined;

/** Resolves limits to objects for one connection. */
export function createLanes(core: Core, ir: Connector, identity: Identity, connectionKey: string): LaneOf {
  const byCredentials = new WeakMap<Credentials, Map<string, CallLane>>();
  /** The last answer for each list, which is the same object in every call of an operation. */
  const latest = new Map<
    readonly number[],
    { readonly credentials: Credentials; readonly lane: CallLane | undefined }
  >();
  // Limits that all tenants share can be asked for with any tenant's own.
  const group = ir.limits.some(({ shared }) => shared) ? ir.slug : `${identity.tenant}/${ir.slug}`;
  return (indexes, credentials) => {
    const last = latest.get(indexes);
    if (last?.credentials === credentials) return last.lane;
    const lane = find(indexes, credentials);
    latest.set(indexes, { credentials, lane });
    return lane;
  };

  function find(indexes: readonly number[], credentials: Credentials): CallLane | undefined {
    if (indexes.length === 0) return undefined;
    const lanes = byCredentials.get(credentials) ?? new Map<string, CallLane>();
    byCredentials.set(credentials, lanes);
    const name = indexes.join();
    const lane = lanes.get(name) ?? makeLane(indexes, credentials);
    lanes.set(name, lane);
    return lane;
  }

  function makeLane(indexes: readonly number[], credentials: Credentials): CallLane {
    const limits = indexes.flatMap((index): ActiveLimit[] => {
      const rule = ir.limits[index];
      return rule ? [{ rule, object: limitObject(rule, index, credentials) }] : [];
    });
    limits.sort(
      (a, b) => breadth(a.rule) - breadth(b.rule) || a.rule.interval_seconds - b.rule.interval_seconds,
    );
    return {
      limits,
      lane: core.pacer.lane(
        limits.map((limit) => limit.object),
        identity.tenant,
      ),
    };
  }

  function limitObject(rule: Limit, index: number, credentials: Credentials): LimitObject {
    const label = rule.name ?? String(index);
    const id = core.keyring.digest([
      "limit",
      ir.slug,
      label,
      rule.scope,
      String(rule.interval_seconds),
      ownerOf(rule, credentials),
    ]);
    return {
      // The quota's owner: the tenant, unless all tenants share one quota.
      key: { tenant: rule.shared ? "*" : identity.tenant, kind: "limit", id },
      limit: rule.limit,
      intervalMs: rule.interval_seconds * 1000,
      burst: rule.burst,
      smooth: rule.smooth,
      ...(rule.max_concurrent === undefined ? {} : { maxConcurrent: rule.max_concurrent }),
      onStateLoss: rule.on_state_loss,
      group,
      memo: undefined,
    };
  }

  function ownerOf(rule: Limit, credentials: Credentials): string {
    // A connection is one tenant's: where nothing is given, what tenants share is the application's.
    const otherwise = rule.shared ? "*" : connectionKey;
    switch (rule.scope) {
      case "per_account":
        return identity.account ?? otherwise;
      case "per_user":
        return identity.user ?? otherwise;
      case "per_token":
        return fingerprint(credentials) ?? otherwise;
      case "per_connection":
        return connectionKey;
    }
  }

  /** Of the credential sent: the token in use, else all fields; undefined where there is none. */
  function fingerprint(credentials: Credentials): string | undefined {
    const token = reveal(credentials.token);
    const sent = token === undefined || token === null ? valuesOf(credentials).map(reveal) : [token];
    const texts = sent
      .filter((value) => value !== undefined && value !== null)
      .map((value) => JSON.stringify(value));
    return texts.length === 0 ? undefined : core.keyring.digest(["token", ...texts]);
  }
}

const breadths = { per_token: 0, per_connection: 1, per_user: 2, per_account: 3 } as const;

function breadth(rule: Limit): number {
  return breadths[rule.scope];
}
