import type { ToolText } from "../../schema/mcp/tool.ts";
import { hashOf } from "./seal.ts";
import { misconfigured } from "./tool-set.ts";

/** What the tools of a server were when somebody reviewed them: a hash of each one's texts, schemas and annotations, by name. */
export interface ToolLock {
  readonly lock_version: 1;
  readonly tools: Readonly<Record<string, string>>;
}

/** How tools differ from a lock; names in order. */
export interface ToolChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** The lock of these tools: equal tools have equal locks, whatever their order and that of the keys in their schemas. */
export function lockTools(tools: Iterable<ToolText>): ToolLock {
  const hashes = [...tools].map((text) => [text.name, hashOf(text)] as const);
  return {
    lock_version: 1,
    tools: Object.fromEntries(hashes.sort(([left], [right]) => (left < right ? -1 : 1))),
  };
}

/** Reads a lock; throws `configuration` where it is none. */
export function readToolLock(data: unknown): ToolLock {
  if (typeof data !== "object" || data === null || !("tools" in data) || !("lock_version" in data))
    throw misconfigured("A lock of tools is a map with `lock_version` and `tools`.");
  const { lock_version, tools } = data;
  if (lock_version !== 1) throw misconfigured("`lock_version` of a lock of tools must be 1.");
  if (typeof tools !== "object" || tools === null)
    throw misconfigured("`tools` of a lock must be a map of names to hashes.");
  const hashes = Object.entries(tools).map(([name, hash]: [string, unknown]): [string, string] => {
    if (typeof hash !== "string") throw misconfigured("`tools` of a lock must be a map of names to hashes.");
    return [name, hash];
  });
  return { lock_version, tools: Object.fromEntries(hashes) };
}

/** Undefined where all is as it was. */
export function changesSince(lock: ToolLock, tools: Iterable<ToolText>): ToolChanges | undefined {
  const before = new Map(Object.entries(lock.tools));
  const now = new Map(Object.entries(lockTools(tools).tools));
  const added = [...now.keys()].filter((name) => !before.has(name));
  const removed = [...before.keys()].filter((name) => !now.has(name));
  const changed = [...now].filter(([name, hash]) => before.has(name) && before.get(name) !== hash);
  if (added.length + removed.length + changed.length === 0) return undefined;
  return { added, removed, changed: changed.map(([name]) => name) };
}
