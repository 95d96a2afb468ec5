import { describe, expect, it } from "vitest";
import type { Finding } from "../../../compiler/diagnostics.ts";
import { read } from "../../../compiler/read/read.ts";
import { ListNode, type Node, type Pointer, ScalarNode } from "../../../compiler/read/tree.ts";
import { validate } from "../../../compiler/validate/validate.ts";
import { everyAddedField, everyCoreField } from "../../schema/whole-descriptors.ts";
import { sampled } from "../../support/sample.ts";

const replacements: readonly Node[] = [
  new ScalarNode(0, 1, null, "plain"),
  new ScalarNode(0, 1, -7.5, "plain"),
  new ScalarNode(0, 1, "zebra zebra", "plain"),
  new ScalarNode(0, 1, true, "plain"),
  new ListNode(0, 1, []),
];

function tree(text: string): Node {
  const root = read(text, "yaml", () => () => undefined).documents[0]?.root;
  if (!root) throw new Error("no document was read");
  return root;
}

function pathsOf(node: Node, path: Pointer = []): readonly Pointer[] {
  const below =
    node.kind === "map"
      ? node.entries.flatMap(({ key, value }) => pathsOf(value, [...path, key]))
      : node.kind === "list"
        ? node.items.flatMap((item, index) => pathsOf(item, [...path, index]))
        : [];
  return [path, ...below];
}

function replaced(node: Node, path: Pointer, value: Node): Node {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (node.kind === "map") {
    const entries = node.entries.map((entry) =>
      entry.key === step ? entry.withValue(replaced(entry.value, rest, value)) : entry,
    );
    return node.withEntries(entries);
  }
  if (node.kind !== "list") return node;
  return node.withItems(
    node.items.map((item, index) => (index === step ? replaced(item, rest, value) : item)),
  );
}

/** A map whose keys all end in a slip of the pen, one at a time. */
function misspelt(node: Node, path: Pointer, key: string): Node {
  const map = path.reduce<Node | undefined>(
    (at, step) =>
      at?.kind === "map"
        ? at.entries.find((e) => e.key === step)?.value
        : at?.kind === "list"
          ? at.items[Number(step)]
          : undefined,
    node,
  );
  if (map?.kind !== "map") return node;
  const entries = map.entries.map((entry) => (entry.key === key ? entry.withKey(`${key}q`) : entry));
  return replaced(node, path, map.withEntries(entries));
}

function findingsOf(root: Node): readonly Finding[] {
  const found: Finding[] = [];
  validate(root, (finding) => found.push(finding));
  return found;
}

describe.each([
  ["the core", tree(everyCoreField)],
  ["the added fields", tree(everyAddedField)],
])("one mistake anywhere in %s", (_name, root) => {
  it("of value: at most one finding, at that value or at what it lacks", () => {
    for (const [turn, path] of pathsOf(root).entries()) {
      for (const value of sampled(replacements, 3, turn)) {
        const found = findingsOf(replaced(root, path, value));
        const elsewhere = found.filter(({ path: at }) => !path.every((step, index) => at[index] === step));
        expect([path, value, elsewhere]).toEqual([path, value, []]);
        expect([path, value, found.length <= 1 || found]).toEqual([path, value, true]);
      }
    }
  });

  it("of spelling: exactly one finding, at that key, wherever the key is ours", () => {
    let told = 0;
    for (const path of pathsOf(root)) {
      const key = path.at(-1);
      if (typeof key !== "string") continue;
      const found = findingsOf(misspelt(root, path.slice(0, -1), key));
      told += found.length;
      const at = found.map((finding) => finding.path.join("/"));
      const where = [...path.slice(0, -1), `${key}q`].join("/");
      expect(at.every((one) => one === where) && at.length <= 1 ? [] : [where, found]).toEqual([]);
    }
    // Far more keys are ours than the author's.
    expect(told).toBeGreaterThan(pathsOf(root).length / 3);
  });
});
