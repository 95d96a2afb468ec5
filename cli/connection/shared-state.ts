/** A state that this command shares with others, where `--state`, the connection file or `CONNECTOR_STATE` names one. */
import type { Logger, SecretsOptions, State } from "../../runtime/index.ts";
import { ConnectorError } from "../../runtime/index.ts";
import type { RedisState } from "../../runtime/redis/index.ts";
import { CommandFailure } from "../failure.ts";
import type { World } from "../world.ts";
import type { ConnectionFlags, ConnectionInput } from "./connect-options.ts";

/** A state with the key that its records are named and sealed by. */
export type KeyedState = State & { readonly secrets: SecretsOptions };

/** The address: a flag wins over the connection file, which wins over the environment. */
export function stateAddress(
  input: Pick<ConnectionInput, "state">,
  flags: ConnectionFlags,
  world: World,
): string | undefined {
  return flags.state ?? input.state ?? (world.env.CONNECTOR_STATE || undefined);
}

/** The state that is named, if one is, for a command about logins: it has to answer, before anybody signs in. */
export async function sharedStateOfLogins(
  input: ConnectionInput,
  flags: ConnectionFlags,
  world: World,
): Promise<KeyedState | undefined> {
  const url = stateAddress(input, flags, world);
  if (url === undefined) return undefined;
  const state = await openSharedState(url, flags, world);
  if (state.health().up) return state;
  await state.close();
  throw new CommandFailure(
    "The state store does not answer, and logins are kept in it. Try again when it does.",
  );
}

/** Connects; without a key that all processes have, nothing would be shared. */
export async function openSharedState(
  url: string,
  flags: ConnectionFlags,
  world: World,
): Promise<KeyedState & Pick<RedisState, "health">> {
  const { findKeys, noKey } = await import("../auth/secret-key.ts");
  const keys = await findKeys(flags, world);
  if (keys === undefined)
    throw noKey("a shared state needs a key that all who share it have, and there is none");
  const { createRedisState } = await import("../../runtime/redis/index.ts");
  try {
    const state = await createRedisState({ url, logger: warningsOf(world) });
    return { ...state, secrets: { key: keys.key, previous: keys.previous } };
  } catch (error) {
    throw ConnectorError.is(error) ? new CommandFailure(error.message) : error;
  }
}

/** What happens to the store is told on standard error. */
function warningsOf(world: World): Logger {
  const warn = (_: object, message: string): void => void world.stderr.write(`warning: ${message}\n`);
  const ignore = (): void => undefined;
  return { debug: ignore, info: ignore, warn, error: warn };
}
