import { describe, expect, it } from "vitest";
import { looksLikeDescriptor, rootKeys } from "../../../cli/find/root-keys.ts";

const descriptors: Readonly<Record<string, string>> = {
  "plain YAML": "metadata:\n  name: A\noperations: []\n",
  "YAML with a byte order mark and CRLF":
    "\ufeffmetadata:\r\n  name: A\r\nauthentication:\r\n  - type: none\r\n",
  "a second document": "a: 1\n---\nmetadata: {}\noperations: []\n",
  "an indented root": "# comment\n  metadata: {}\n  operations: []\n",
  "quoted keys": "\"metadata\": {}\n'operations': []\n",
  "YAML with an error further down": "metadata:\n  name: A\noperations:\n  - [\n",
  JSON: '{ "metadata": { "a": 1 }, "operations": [] }',
  "JSON that is cut off": '{ "metadata": {}, "database_config": { "adapter": ',
  "a flow mapping after a document marker": "--- {metadata: {a: 1}, operations: []}",
};

const others: Readonly<Record<string, string>> = {
  "metadata alone": "metadata:\n  name: A\n",
  "a Kubernetes manifest": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  operations: []\n",
  "keys below the root": "connector:\n  metadata: {}\n  operations: []\n",
  "JSON keys below the root": '{ "a": { "metadata": {}, "operations": [] } }',
  "keys inside a JSON string": '{ "a": "metadata: operations:" }',
  "an empty file": "",
  "a list": "- metadata\n- operations\n",
};

describe("a folder's search for descriptors", () => {
  it.each(Object.keys(descriptors))("takes %s", (name) =>
    expect(looksLikeDescriptor(descriptors[name] ?? "")).toBe(true),
  );
  it.each(Object.keys(others))("leaves %s", (name) =>
    expect(looksLikeDescriptor(others[name] ?? "")).toBe(false),
  );

  it("does not take the colon of a URL in a key's value for a key", () => {
    expect([...rootKeys("base_url: https://a.example\nmetadata: {}\n")]).toEqual(["base_url", "metadata"]);
  });
});
