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
  const runtime = open(network);
  try {
    return await use(runtime.connect(ir, connect));
  } catch (error) {
    throw ConnectorError.is(error) ? failureOf(error) : error;
  } finally {
    await runtime.close();
  }
}

/** A network rule that cannot be read is refused here. */
function open(network: NonNullable<RuntimeOptions["network"]>): Runtime {
  try {
    return createRuntime({ network });
  } catch (error) {
    throw ConnectorError.is(error) ? failureOf(error) : error;
  }
}

/** Codes of what was wrong before a request was made: usage, parameters, connection. */
const beforeTheCall: ReadonlySet<string> = new Set([
  "configuration",
  "invalid_parameters",
  "missing_credential",
]);

/** A failed call in a sentence, with what to do next, and the exit code that its kind has. */
export function failureOf(error: ConnectorError): CommandFailure {
  const again = error.cursor === undefined ? "" : `; it can go on from the cursor ${error.cursor}`;
  const when =
    error.retryAt === undefined ? "" : `; try again after ${new Date(error.retryAt).toISOString()}`;
  return new CommandFailure(
    `${error.message}${when}${again} (${error.code})`,
    beforeTheCall.has(error.code) ? 2 : 1,
  );
}
