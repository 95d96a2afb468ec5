import type { Finding } from "../diagnostics.ts";
import { entry, type Node } from "./tree.ts";

/** A file of ours that is no descriptor: told in one sentence instead of key by key. */
export function otherKind(root: Node): Finding | undefined {
  const has = (key: string): boolean => entry(root, key) !== undefined;
  const at = { rule: "file/other-kind", path: [], span: { start: 0, end: 0 } } as const;
  if (has("ir_version"))
    return {
      ...at,
      message: "This is a compiled connector (IR), not a descriptor.",
      help: "Name the descriptor that it was built from.",
    };
  if (has("connector") && (has("credentials") || has("profiles") || has("config")) && !has("operations"))
    return {
      ...at,
      message: "This is a connection file, not a descriptor.",
      help: "Give it to `connector call` or `connector check` with --connection.",
    };
  return undefined;
}
