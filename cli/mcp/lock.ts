import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileReason } from "../../compiler/disk-host.ts";
import { ConnectorError } from "../../runtime/errors.ts";
import type { ToolChanges, ToolServer } from "../../runtime/mcp/index.ts";
import { failureOf } from "../connection/open.ts";
import { CommandFailure } from "../failure.ts";
import { counted } from "../report/summary.ts";
import type { World } from "../world.ts";
import type { McpFlags } from "./flags.ts";

/** Names that are told of one kind of change; the rest is counted. */
const mostNamed = 10;

/**
 * Holds the tools against the file of `--lock`: fails where they differ. Where there is no such file, or it is to be written
 * anew, it is written and said.
 */
export async function checkLock(
  { callable }: ToolServer,
  { lock, updateLock }: McpFlags,
  world: World,
): Promise<void> {
  if (lock === undefined) return;
  const path = resolve(world.cwd, lock);
  const { lockTools } = await import("../../runtime/mcp/index.ts");
  const text = updateLock ? undefined : await readLock(path, lock);
  if (text !== undefined) return compare(text, lock, callable, world);
  try {
    // Where another made it in the meantime, it is that one which counts.
    await writeFile(path, `${JSON.stringify(lockTools(callable), null, 2)}\n`, {
      flag: updateLock ? "w" : "wx",
    });
  } catch (error) {
    throw new CommandFailure(
      `cannot write ${lock}: ${fileReason(error)}; check the path and its permissions`,
    );
  }
  await world.stderr.write(
    `${lock} holds ${counted(callable.length, "tool")}; review it with the descriptor\n`,
  );
}

/** Undefined where there is no file. */
async function readLock(path: string, shown: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new CommandFailure(
      `cannot open ${shown}: ${fileReason(error)}; check the path and its permissions`,
    );
  }
}

async function compare(
  text: string,
  shown: string,
  tools: ToolServer["callable"],
  world: World,
): Promise<void> {
  const { changesSince, readToolLock } = await import("../../runtime/mcp/index.ts");
  let changes: ToolChanges | undefined;
  try {
    changes = changesSince(readToolLock(JSON.parse(text)), tools);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new CommandFailure(`${shown} is no JSON; write it anew with --update-lock`);
    throw ConnectorError.is(error) ? failureOf(error, world) : error;
  }
  if (changes)
    throw new CommandFailure(
      `the tools are not as ${shown} has them (${wordsOf(changes)}); review them, then write it anew with --update-lock`,
    );
}

function wordsOf({ added, removed, changed }: ToolChanges): string {
  const kinds = [
    ["changed", changed],
    ["added", added],
    ["removed", removed],
  ] as const;
  return kinds
    .filter(([, names]) => names.length > 0)
    .map(([kind, names]) => {
      const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : "";
      return `${kind}: ${names.slice(0, mostNamed).join(", ")}${more}`;
    })
    .join("; ");
}
