/**
 * Names in Redis. What one script touches shares a hash tag, the part in braces, and so a slot of a cluster. Parts are
 * percent-encoded: no tenant's name can look like another's, or close the tag.
 */
import type { LimitObject, StateKey } from "../ports.ts";

export interface KeySpace {
  /** The six keys of a limit: record, window, running calls, waiting processes, open slot and its counter. */
  limit(limit: LimitObject): readonly string[];
  secret(key: StateKey): string;
  lease(key: StateKey): string;
  /** What a secret and its lease have in common: the name of their channel. */
  topic(key: StateKey): string;
  /** The processes of the fleet. */
  readonly fleet: string;
}

export function keySpace(prefix: string): KeySpace {
  const topic = ({ tenant, id }: StateKey): string => `${prefix}:{s.${part(tenant)}.${part(id)}}`;
  return {
    limit: ({ key, group }) => {
      const name = `${prefix}:{l.${part(group ?? key.tenant)}}:${part(key.tenant)}:${part(key.id)}`;
      return ["m", "w", "r", "q", "o", "c"].map((key) => `${name}:${key}`);
    },
    secret: (key) => `${topic(key)}:v`,
    lease: (key) => `${topic(key)}:l`,
    topic,
    fleet: `${prefix}:{fleet}:p`,
  };
}

function part(text: string): string {
  return encodeURIComponent(text);
}
