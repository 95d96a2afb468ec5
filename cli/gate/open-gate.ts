import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { resolve } from "node:path";
import { fileReason, readBytes } from "../../compiler/disk-host.ts";
import { readData } from "../../compiler/read/data.ts";
import { ConnectorError } from "../../runtime/errors.ts";
import type { Gate, Policy } from "../../runtime/gate/index.ts";
import { CommandFailure } from "../failure.ts";
import type { World } from "../world.ts";

/** The options that put calls which change something behind a gate. */
export interface GateFlags {
  readonly policy?: string;
  readonly receipts?: string;
}

/** Runs `use` with the gate of the flags, or with none, and closes the file of receipts. */
export async function withGate<T>(
  { policy, receipts }: GateFlags,
  world: World,
  use: (gate: Gate | undefined) => Promise<T>,
): Promise<T> {
  if (policy === undefined && receipts === undefined) return use(undefined);
  if (policy === undefined || receipts === undefined)
    throw new CommandFailure(
      "--policy and --receipts belong together: the rules, and the file that tells what they decided",
    );
  const { createGate, receiptLine, readPolicy } = await import("../../runtime/gate/index.ts");
  const rules = readPolicyFile(policy, readPolicy, world);
  const file = await openReceipts(resolve(world.cwd, receipts), receipts);
  try {
    return await use(
      createGate({ policy: rules, receipts: (receipt) => file.appendFile(receiptLine(receipt)) }),
    );
  } finally {
    await file.close();
  }
}

function readPolicyFile(path: string, readPolicy: (data: unknown) => Policy, world: World): Policy {
  let bytes: Uint8Array;
  try {
    bytes = readBytes(resolve(world.cwd, path));
  } catch (error) {
    throw new CommandFailure(`cannot open ${path}: ${fileReason(error)}; check the path and its permissions`);
  }
  const read = readData(bytes);
  if ("problem" in read) throw new CommandFailure(`${path}: ${read.problem}`);
  try {
    return readPolicy(read.data);
  } catch (error) {
    throw ConnectorError.is(error) ? new CommandFailure(`${path}: ${error.message}`) : error;
  }
}

/** For its owner alone, and only ever longer; a link in its place is not followed. */
async function openReceipts(path: string, shown: string): Promise<FileHandle> {
  try {
    const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW } = constants;
    return await open(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);
  } catch (error) {
    throw new CommandFailure(
      `cannot write receipts to ${shown}: ${fileReason(error)}; check the path and its permissions`,
    );
  }
}
