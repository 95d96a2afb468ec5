/** A call with a real account, within what it is pinned to. */
import { systemClock } from "../../runtime/clock.ts";
import { createRuntime } from "../../runtime/index.ts";
import { createTransport } from "../../runtime/transport/undici-transport.ts";
import type { Connector } from "../../schema/ir.ts";
import { type ConnectionInput, connectionInput } from "../connection/connect-options.ts";
import { CommandFailure } from "../failure.ts";
import type { World } from "../world.ts";
import { type CallOutcome, type OperationCall, outcomeOf } from "./call-outcome.ts";
import { pinnedTransport } from "./pinned-transport.ts";
import type { PinnedConnection } from "./pins.ts";
import { refusal } from "./refuse.ts";

const maxResponseBytes = 1024 * 1024;
/** Shorter values are no secrets that could be told apart from other text. */
const shortestSecret = 4;

export interface PinnedCallSettings {
  readonly allowNetwork: readonly string[];
  readonly writes: boolean;
  readonly world: World;
}

export async function callPinned(
  ir: Connector,
  call: OperationCall,
  { file, origins }: PinnedConnection,
  { allowNetwork, writes, world }: PinnedCallSettings,
): Promise<CallOutcome> {
  const input = await inputOf(ir, file, allowNetwork, world);
  const inner = createTransport({ clock: systemClock, network: input.network });
  const runtime = createRuntime({
    network: input.network,
    transport: pinnedTransport(inner, { origins, writes }),
    maxResponseBytes,
  });
  try {
    return await outcomeOf(() => runtime.connect(ir, input.connect), call, secretsOf(input));
  } finally {
    await runtime.close();
    await inner.close(0);
  }
}

/** The file says which connector it is for, and is given to no other. */
async function inputOf(
  ir: Connector,
  connection: string,
  allowNetwork: readonly string[],
  world: World,
): Promise<ConnectionInput> {
  try {
    return await connectionInput(ir, { connection, allowNetwork }, world);
  } catch (error) {
    throw CommandFailure.is(error) ? refusal(`${error.message}.`, "connection") : error;
  }
}

function secretsOf({ connect }: ConnectionInput): readonly string[] {
  const all = [
    connect.credentials ?? {},
    ...Object.values(connect.profiles ?? {}).map((one) => one.credentials),
  ];
  return all
    .flatMap((credentials) => Object.values(credentials))
    .filter((value): value is string => typeof value === "string" && value.length >= shortestSecret);
}
