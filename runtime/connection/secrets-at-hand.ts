import type { Secret } from "../secrets/secret.ts";
import type { Connection } from "./connection.ts";

/** Beside the connections and not among their methods: an application has its own credentials, and no use for ours. */
const sources: WeakMap<Connection, () => readonly Secret[]> = new WeakMap();

/** Says where the secrets of a connection are found. */
export function tellSecrets(connection: Connection, source: () => readonly Secret[]): void {
  sources.set(connection, source);
}

/** The secret credentials that a connection holds now; none of a connection of the host's own making. */
export function secretsAtHand(connection: Connection): readonly Secret[] {
  return sources.get(connection)?.() ?? [];
}
