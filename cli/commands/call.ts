import type { Connection, Warning } from "../../runtime/index.ts";
import type { Operation } from "../../schema/ir.ts";
import type { ConnectionFlags } from "../connection/connect-options.ts";
import { withConnection } from "../connection/open.ts";
import { suggestion } from "../did-you-mean.ts";
import { CommandFailure } from "../failure.ts";
import { loadConnectorIr } from "../load-connector-ir.ts";
import { readParameters } from "../parameters/parameters.ts";
import { startProgress } from "../progress.ts";
import { recordWriter, writeData } from "../report/data.ts";
import { escapeForTerminal } from "../report/escape.ts";
import { counted } from "../report/summary.ts";
import type { ExitCode, World } from "../world.ts";

/** The options of `connector call`. */
export interface CallFlags extends ConnectionFlags {
  readonly param: readonly string[];
  readonly params?: string;
  readonly all?: boolean;
  readonly output: "json" | "ndjson";
}

/** `connector call`: one exchange, or every record of all pages, as data on standard output. */
export async function callCommand(
  descriptor: string,
  operationId: string,
  flags: CallFlags,
  world: World,
): Promise<ExitCode> {
  const ir = await loadConnectorIr(descriptor, world);
  const operation = ir.operations.find(({ id }) => id === operationId);
  if (!operation)
    throw new CommandFailure(
      `${ir.slug} has no operation ${operationId}${suggestion(
        operationId,
        ir.operations.map(({ id }) => id),
      )}`,
    );
  const parameters = await readParameters(operation, flags, world);
  await withConnection(ir, flags, world, (connection) =>
    flags.all
      ? callAll(connection, operation, parameters, flags, world)
      : callOnce(connection, operation, parameters, flags, world),
  );
  return 0;
}

async function callOnce(
  connection: Connection,
  operation: Operation,
  parameters: Record<string, unknown>,
  flags: CallFlags,
  world: World,
): Promise<void> {
  const progress = startProgress(world);
  try {
    const { data, warnings } = await connection.call(operation.id, parameters, { signal: world.interrupted });
    progress.stop();
    await warn(warnings, world);
    await writeData(data, flags.output, world.stdout);
  } finally {
    progress.stop();
  }
}

async function callAll(
  connection: Connection,
  operation: Operation,
  parameters: Record<string, unknown>,
  flags: CallFlags,
  world: World,
): Promise<void> {
  const progress = startProgress(world);
  const writer = recordWriter(flags.output, world.stdout);
  let pages = 0;
  let records = 0;
  try {
    for await (const page of connection.pages(operation.id, parameters, { signal: world.interrupted })) {
      for (const record of page.records) await writer.record(record);
      pages += 1;
      records += page.records.length;
      progress.update(`${counted(pages, "page")}, ${counted(records, "record")}`);
    }
    await writer.end();
  } catch (error) {
    // What was read is whole, also when a later page fails: the list is closed, and the exit code tells.
    if (pages > 0) await writer.end();
    throw error;
  } finally {
    progress.stop();
  }
}

async function warn(warnings: readonly Warning[], world: World): Promise<void> {
  for (const { message } of warnings) await world.stderr.write(`warning: ${escapeForTerminal(message)}\n`);
}
