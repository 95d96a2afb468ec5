import { type ReadDocument, read, type TextFormat } from "./read/read.ts";
import { child, type Node } from "./read/tree.ts";

/** What identifies an item of a list, the surest first. */
const idKeys: readonly string[] = [
  "operation_id",
  "profile_id",
  "chain_id",
  "step_name",
  "mcp_tool_name",
  "name",
  "key",
  "slug",
  "scope",
  "type",
];

/** Names places of a text so that the names outlast edits elsewhere in it. */
export interface StablePaths {
  /** The slug of a document, or its index; undefined where it is the only one. */
  document(index: number): string | undefined;
  /** A JSON Pointer with items of lists by their id (`/operations/operation_id=list/endpoint`) instead of their index. */
  path(document: number, pointer: string): string;
}

/** Reads the text again, which is done once and only when a name is asked for. */
export function createStablePaths(text: string, format: TextFormat): StablePaths {
  let documents: readonly ReadDocument[] | undefined;
  const all = (): readonly ReadDocument[] => {
    documents ??= read(text, format, () => () => {}).documents;
    return documents;
  };
  const rootOf = (document: number): Node | undefined => all().find(({ index }) => index === document)?.root;
  return {
    document(index) {
      if (all().length < 2) return undefined;
      return textOf(child(child(rootOf(index), "metadata"), "slug")) ?? String(index);
    },
    path(document, pointer) {
      let node = rootOf(document);
      const parts = pointer.split("/").map((part) => {
        if (part === "") return part;
        if (node?.kind !== "list") {
          node = child(node, part.replaceAll("~1", "/").replaceAll("~0", "~"));
          return part;
        }
        node = node.items[Number(part)];
        return (node && idOf(node)) ?? part;
      });
      return parts.join("/");
    },
  };
}

function idOf(item: Node): string | undefined {
  const own = textOf(item);
  if (own !== undefined) return escaped(own);
  for (const key of idKeys) {
    const id = textOf(child(item, key));
    if (id !== undefined) return `${key}=${escaped(id)}`;
  }
  return undefined;
}

function textOf(node: Node | undefined): string | undefined {
  return node?.kind === "scalar" && typeof node.value === "string" ? node.value : undefined;
}

function escaped(text: string): string {
  return text.replaceAll("~", "~0").replaceAll("/", "~1");
}
