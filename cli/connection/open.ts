/** From IR and flags to an open connection, closed again whatever happens. */
import {
  type Connection,
  ConnectorError,
  createRuntime,
  type Runtime,
  type RuntimeOptions,
} from "../../runtime/index.ts";
import type { Connector } from "../../schema/ir.ts";
import { CommandFailure } from "../failure.ts";
import { counted } from "../report/summary.ts";
import type { World } from "../world.ts";
import { type ConnectionFlags, connectionInput } from "./connect-options.ts";

/** Connects, runs `use`, and closes the runtime; what the runtime refuses before any request is the user's to mend (exit 2). */
export async function withConnection<T>(
  ir: Connector,
  flags: ConnectionFlags,
  world: World,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const { network, connect } = await connectionInput(ir, flags, world);
  const runtime = open(network, world);
  try {
    return await use(runtime.connect(ir, connect));
  } catch (error) {
    throw ConnectorError.is(error) ? failureOf(error, world) : error;
  } finally {
    await runtime.close();
  }
}

/** A network rule that cannot be read is refused here. */
function open(network: NonNullable<RuntimeOptions["network"]>, world: World): Runtime {
  try {
    return createRuntime({ network });
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
