/** From IR and flags to an open connection, closed again whatever happens. */
import {
  type CallListener,
  type Connection,
  ConnectorError,
  createRuntime,
  type Runtime,
  type RuntimeOptions,
} from "../../runtime/index.ts";
import type { Connector } from "../../schema/ir.ts";
import { holdToApprovals } from "../auth/hold-to-approvals.ts";
import { keepsConsent, profilesInUse } from "../auth/subject.ts";
import { CommandFailure } from "../failure.ts";
import { counted } from "../report/summary.ts";
import type { World } from "../world.ts";
import { type ConnectionFlags, type ConnectionInput, connectionInput } from "./connect-options.ts";
import { type KeyedState, openSharedState, stateAddress } from "./shared-state.ts";

/** Where a command's stored logins are; undefined for none. */
export type StoreOf = (
  ir: Connector,
  input: ConnectionInput,
  flags: ConnectionFlags,
  world: World,
) => Promise<KeyedState | undefined>;

/** Connects, runs `use`, and closes the runtime; what the runtime refuses before any request is the user's to mend (exit 2). */
export async function withConnection<T>(
  ir: Connector,
  flags: ConnectionFlags,
  world: World,
  use: (connection: Connection, runtime: Pick<Runtime, "inspect">, tenant: string) => Promise<T>,
  telemetry?: CallListener,
): Promise<T> {
  const input = await connectionInput(ir, flags, world);
  const what = { ir, input, flags, storeOf: storeOfCalls, ...(telemetry ? { telemetry } : {}) };
  return withInput(what, world, async (connection, runtime) => {
    await holdToApprovals(ir, connection, input, flags, world);
    return use(connection, runtime, input.connect.identity.tenant ?? "default");
  });
}

/** The same with an input that is known, and a store of the command's own. */
export async function withInput<T>(
  what: {
    readonly ir: Connector;
    readonly input: ConnectionInput;
    readonly flags: ConnectionFlags;
    readonly storeOf: StoreOf;
    readonly telemetry?: CallListener;
  },
  world: World,
  use: (connection: Connection, runtime: Pick<Runtime, "inspect">) => Promise<T>,
): Promise<T> {
  const { ir, input, flags, storeOf, telemetry } = what;
  const state = await storeOf(ir, input, flags, world);
  try {
    const runtime = open(
      {
        network: input.network,
        ...(state ? { state, secrets: state.secrets } : {}),
        ...(telemetry ? { telemetry } : {}),
      },
      world,
    );
    try {
      return await use(runtime.connect(ir, input.connect), runtime);
    } catch (error) {
      throw ConnectorError.is(error) ? failureOf(error, world) : error;
    } finally {
      await runtime.close();
    }
  } finally {
    await state?.close();
  }
}

/** Logins are looked for only where a profile keeps one; a refresh token that is given is kept where a key is given too. */
const storeOfCalls: StoreOf = async (ir, input, flags, world) => {
  const shared = stateAddress(input, flags, world);
  if (shared !== undefined) return openSharedState(shared, flags, world);
  const keeping = profilesInUse(ir, input).filter(keepsConsent);
  if (keeping.length === 0) return undefined;
  const given = keeping.map(
    ({ id }) => input.connect.profiles?.[id]?.credentials ?? input.connect.credentials,
  );
  const { openStore } = await import("../auth/open-store.ts");
  return openStore(
    flags,
    world,
    given.some((credentials) => credentials?.refresh_token !== undefined),
  );
};

/** A network rule that cannot be read is refused here. */
function open(options: RuntimeOptions, world: World): Runtime {
  try {
    return createRuntime(options);
  } catch (error) {
    throw ConnectorError.is(error) ? failureOf(error, world) : error;
  }
}

/** Codes of what was wrong before a request was made: usage, parameters, connection. */
const beforeTheCall: ReadonlySet<string> = new Set([
  "configuration",
  "invalid_parameters",
  "missing_credential",
]);

/**
 * A failed call in sentences, with what to do next, and the exit code that its kind has. Where pages were read, it says
 * how to go on after them.
 */
export function failureOf(error: ConnectorError, world: World, pagesRead = 0): CommandFailure {
  const again = error.cursor === undefined || pagesRead === 0 ? undefined : `--all --cursor ${error.cursor}`;
  if (error.code === "aborted" && world.interrupted.aborted) {
    const after = again === undefined ? "" : ` after ${counted(pagesRead, "page")}; go on with ${again}`;
    return new CommandFailure(`stopped${after}`, 130);
  }
  const sentences = [
    error.code === "truncated" && again !== undefined ? truncatedText(error, pagesRead) : error.message,
    error.retryAt === undefined ? undefined : `Try again after ${new Date(error.retryAt).toISOString()}.`,
    again === undefined ? undefined : `Go on after ${counted(pagesRead, "page")} with ${again}.`,
  ].filter((sentence) => sentence !== undefined);
  const text = sentences.map((one) => (/[.!?]$/.test(one) ? one : `${one}.`)).join(" ");
  return new CommandFailure(`${text} (${error.code})`, beforeTheCall.has(error.code) ? 2 : 1);
}

/** The same in the words of the command line. */
function truncatedText({ connector, operation }: ConnectorError, pagesRead: number): string {
  return `${connector} ${operation}: there are more pages than the ${pagesRead} that may be read. Raise --max-pages to read more at once.`;
}
