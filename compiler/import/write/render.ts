/** A draft to the text of its descriptor, proved by reading it again. */
import type { Descriptor } from "../../../schema/descriptor.ts";
import type { Json, JsonObject } from "../../../schema/json.ts";
import type { Finding } from "../../diagnostics.ts";
import { maxYamlBytes } from "../../read/limits.ts";
import { readPlain } from "../../read/plain/reader.ts";
import { toValue } from "../../read/tree.ts";
import { readYaml } from "../../read/yaml.ts";
import { type Comments, writeYaml } from "./yaml-writer.ts";

/**
 * The YAML of a descriptor, or undefined where that would be too large for one. What is read from it is the descriptor, to
 * the last character.
 */
export function renderDescriptor(
  descriptor: Descriptor,
  comments: Comments,
  head: readonly string[],
): string | undefined {
  const root = asJson(descriptor);
  // Its JSON without a blank tells sooner what its YAML, which is about as long, would pass by far.
  if (JSON.stringify(root).length > 1.2 * maxYamlBytes) return undefined;
  for (const quoteAll of [false, true]) {
    const text = writeYaml(root, comments, { head, quoteAll });
    if (Buffer.byteLength(text) > maxYamlBytes) return undefined;
    if (reads(text, root)) return text;
  }
  throw new Error("the YAML that was written does not read as what was meant");
}

/** Whether a text is YAML of just this data, without a finding. */
function reads(text: string, root: Json): boolean {
  const findings: Finding[] = [];
  const hear = () => (finding: Finding) => findings.push(finding);
  const plain = readPlain(text, hear);
  const documents = typeof plain === "number" ? readYaml(text, hear) : plain;
  const [only] = documents;
  return (
    findings.length === 0 &&
    documents.length === 1 &&
    only?.root !== undefined &&
    isSame(toValue(only.root), root)
  );
}

function isSame(read: unknown, meant: Json): boolean {
  if (typeof meant !== "object" || meant === null) return Object.is(read, meant);
  if (typeof read !== "object" || read === null || Array.isArray(read) !== Array.isArray(meant)) return false;
  const entries = Object.entries(meant);
  const found = Object.entries(read);
  return (
    found.length === entries.length &&
    entries.every(([key, value], index) => found[index]?.[0] === key && isSame(found[index]?.[1], value))
  );
}

/**
 * The data of a draft, which lacks nothing that JSON has: what is undefined is taken out of it. It stays the same object,
 * since comments hang on its maps.
 */
export function asJson(descriptor: object): JsonObject {
  prune(descriptor);
  // A descriptor is JSON by its schema; its types name the keys and have no index signature.
  return descriptor as JsonObject;
}

function prune(value: object): void {
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) Reflect.deleteProperty(value, key);
    else if (typeof inner === "object" && inner !== null) prune(inner);
  }
}
