import { parsePlainPath } from "../../schema/language/jsonpath.ts";
import { type PathProof, provePath } from "../../schema/language/path-engine.ts";
import type { Node } from "../read/tree.ts";

/** Proofs of the texts that may be JSONPaths beyond the plain ones. */
export type PathProofs = ReadonlyMap<string, PathProof>;

/** Proves every text of the tree that begins like a path and is no plain one; most descriptors have none, and load no engine. */
export async function provePaths(root: Node, mode: "rfc9535" | "plus"): Promise<PathProofs> {
  const texts = new Set<string>();
  collect(root, texts);
  const proofs = new Map<string, PathProof>();
  for (const text of texts) proofs.set(text, await provePath(text, mode));
  return proofs;
}

function collect(node: Node, texts: Set<string>): void {
  if (node.kind === "scalar") {
    const { value } = node;
    if (
      typeof value === "string" &&
      value.startsWith("$") &&
      /^\$\s*[.[]/.test(value) &&
      value.length < 1000 &&
      !parsePlainPath(value)
    )
      texts.add(value);
  } else if (node.kind === "list") for (const item of node.items) collect(item, texts);
  else
    node.entries.forEach(({ value }) => {
      collect(value, texts);
    });
}
