import { type Connection, ConnectorError, type PageOptions } from "../../runtime/index.ts";
import type { Operation } from "../../schema/ir.ts";
import type { ConnectionFlags } from "../connection/connect-options.ts";
import { failureOf, withConnection } from "../connection/open.ts";
import { suggestion } from "../did-you-mean.ts";
import { CommandFailure } from "../failure.ts";
import { loadConnectorIr } from "../load-connector-ir.ts";
import { readParameters } from "../parameters/parameters.ts";
import { startProgress } from "../progress.ts";
import { recordWriter, writeData, writeRecords } from "../report/data.ts";
import { CallStats } from "../report/stats.ts";
import { counted } from "../report/summary.ts";
import { warningPrinter } from "../report/warnings.ts";
import type { ExitCode, World } from "../world.ts";

/** The options of `connector call`. */
export interface CallFlags extends ConnectionFlags {
  readonly param: readonly string[];
  readonly params?: string;
  readonly all?: boolean;
  readonly maxPages?: number;
  readonly cursor?: string;
  readonly output: "json" | "ndjson";
  readonly stats?: boolean;
}

/** `connector call`: one exchange, or every record of all pages, as data on standard output. */
export async function callCommand(
  descriptor: string,
  operationId: string,
  flags: CallFlags,
  world: World,
): Promise<ExitCode> {
  if (!flags.all && (flags.maxPages !== undefined || flags.cursor !== undefined))
    throw new CommandFailure("--max-pages and --cursor are for reading pages; add --all");
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
  const call = flags.all ? callAll : callOnce;
  const stats = flags.stats ? new CallStats() : undefined;
  await withConnection(
    ir,
    flags,
    world,
    async (connection, runtime) => {
      try {
        await call(connection, operation, parameters, flags, world);
      } finally {
        if (stats) await world.stderr.write(`${stats.lines(await runtime.inspect()).join("\n")}\n`);
      }
    },
    stats?.hear,
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
  const warn = warningPrinter(world);
  const options = { signal: world.interrupted };
  try {
    if (flags.output === "ndjson") {
      // A line is a record: the first page knows where they are, whether or not there are more pages.
      for await (const { records, warnings } of connection.pages(operation.id, parameters, options)) {
        progress.stop();
        await warn(warnings);
        await writeRecords(records, world.stdout);
        return;
      }
    }
    const { data, warnings } = await connection.call(operation.id, parameters, options);
    progress.stop();
    await warn(warnings);
    await writeData(data, world.stdout);
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
  const warn = warningPrinter(world);
  const options: PageOptions = {
    signal: world.interrupted,
    ...(flags.maxPages === undefined ? {} : { maxPages: flags.maxPages }),
    ...(flags.cursor === undefined ? {} : { cursor: flags.cursor }),
  };
  let pages = 0;
  let records = 0;
  try {
    for await (const page of connection.pages(operation.id, parameters, options)) {
      await warn(page.warnings);
      for (const record of page.records) await writer.record(record);
      pages += 1;
      records += page.records.length;
      progress.update(`${counted(pages, "page")}, ${counted(records, "record")}`);
    }
    await writer.end();
  } catch (error) {
    // What was read is whole, also when a later page fails: the list is closed, and the exit code tells.
    if (pages > 0) await writer.end();
    throw ConnectorError.is(error) ? failureOf(error, world, pages) : error;
  } finally {
    progress.stop();
  }
}
