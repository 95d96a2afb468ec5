import type { Keyring } from "../crypto/keyring.ts";

const mostNames = 10_000;

/**
 * Names for cache keys and limits in one process, where nothing is stored: equal parts have one name, which says nothing of
 * them. A name that is forgotten costs a cached value.
 */
export function createKeyring(): Pick<Keyring, "digest"> {
  const names = new Map<string, string>();
  let made = 0;
  return {
    digest: (parts) => {
      const key = JSON.stringify(parts);
      const name = names.get(key) ?? `k${++made}`;
      names.delete(key);
      names.set(key, name);
      const [oldest] = names.keys();
      if (names.size > mostNames && oldest !== undefined) names.delete(oldest);
      return name;
    },
  };
}
