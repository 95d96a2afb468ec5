import { escapeWholeLine } from "../../compiler/escape.ts";
import { callThroughGate } from "../../runtime/gate/call-through-gate.ts";
import { type Gate, openGate } from "../../runtime/gate/gate.ts";
import { type Connection, ConnectorError, type PageOptions } from "../../runtime/index.ts";
import type { Operation } from "../../schema/ir.ts";
import type { ConnectionFlags } from "../connection/connect-options.ts";
import { failureOf, withConnection } from "../connection/open.ts";
import { suggestion } from "../did-you-mean.ts";
import { CommandFailure } from "../failure.ts";
import { type GateFlags, withGate } from "../gate/open-gate.ts";
import { loadConnectorIr } from "../load-connector-ir.ts";
import { readParameters } from "../parameters/parameters.ts";
import { startProgress } from "../progress.ts";
import { recordWriter, writeData, writeRecords } from "../report/data.ts";
import { CallStats } from "../report/stats.ts";
import { counted } from "../report/summary.ts";
import { warningPrinter } from "../report/warnings.ts";
import type { ExitCode, World } from "../world.ts";

/** The options of `connector call`. */
export interface CallFlags extends ConnectionFlags, GateFlags {
  readonly param: readonly string[];
  readonly params?: string;
  readonly all?: boolean;
  readonly maxPages?: number;
  readonly cursor?: string;
  readonly output: "json" | "ndjson";
  readonly stats?: boolean;
  readonly idempotencyKey?: string;
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
  const stats = flags.stats ? new CallStats() : undefined;
  await withGate(flags, world, (gate = openGate) => {
    checkGuards(operation, flags);
    return withConnection(
      ir,
      flags,
      world,
      async (connection, runtime, tenant) => {
        const call = flags.all ? callAll : callOnce;
        try {
          await call({ connection, tenant, operation, parameters, gate }, flags, world);
        } finally {
          if (stats) await world.stderr.write(`${stats.lines(await runtime.inspect()).join("\n")}\n`);
        }
      },
      stats?.hear,
    );
  });
  return 0;
}

/** What is to be called, of whose account, and who decides whether it is. */
interface Called {
  readonly connection: Connection;
  /** Of the connection file. */
  readonly tenant: string;
  readonly operation: Operation;
  readonly parameters: Record<string, unknown>;
  readonly gate: Gate;
}

/** Records are read page by page, where no gate stands and no key is sent. */
function checkGuards({ id, side_effecting }: Operation, flags: CallFlags): void {
  const isRead = flags.all || flags.output === "ndjson";
  if (isRead && side_effecting && flags.policy !== undefined)
    throw new CommandFailure(`${id} changes something; with --policy, call it without --all and ndjson`);
  if (isRead && flags.idempotencyKey !== undefined)
    throw new CommandFailure("--idempotency-key is for one call; leave out --all and ndjson");
}

async function callOnce(
  { connection, tenant, operation, parameters, gate }: Called,
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
    const { idempotencyKey } = flags;
    const { data, warnings } = await callThroughGate({
      gate,
      caller: { tenant },
      connection,
      operation,
      parameters,
      options: { ...options, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) },
      ...(world.ask ? { confirm: () => consent(operation, progress, world.ask) } : {}),
    });
    progress.stop();
    await warn(warnings);
    await writeData(data, world.stdout);
  } finally {
    progress.stop();
  }
}

/** Asks the person at the terminal. */
async function consent(
  { id, summary }: Operation,
  progress: ReturnType<typeof startProgress>,
  ask: World["ask"],
): Promise<boolean> {
  progress.stop();
  const answer = await ask?.(`${escapeWholeLine(summary)} (${id})? [y/N] `);
  return /^y(es)?$/i.test(answer?.trim() ?? "");
}

async function callAll(
  { connection, operation, parameters }: Called,
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
