import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compile, compileText } from "../../compiler/index.ts";
import { toValue } from "../../compiler/read/tree.ts";
import { readYaml } from "../../compiler/read/yaml.ts";
import { unusual } from "./unusual.ts";

const base = readFileSync(new URL("../support/base.yaml", import.meta.url), "utf8");

test.each(unusual)("$title is no mistake", async ({ change, warnings = [] }) => {
  const { diagnostics, connectors } = await compileText(change(base));
  expect(
    diagnostics
      .map(({ rule, range, message }) => `${rule} ${range.start.line}: ${message}`)
      .filter((text) => !warnings.some((rule) => text.startsWith(rule))),
  ).toEqual([]);
  expect(connectors.length).toBeGreaterThan(0);
});

test("the same descriptor as JSON gives the same IR", async () => {
  const [document] = readYaml(base, () => () => undefined);
  const data = document?.root ? toValue(document.root) : {};
  const fromData = await compile(data as object);
  const fromText = await compile(base);
  const fromJson = await compileText(JSON.stringify(data), { format: "json" });
  expect(fromData.ir).toEqual(fromText.ir);
  expect(fromJson.connectors[0]?.ir).toEqual(fromText.ir);
});

test("the IR survives a JSON round trip", async () => {
  const { ir } = await compile(base);
  expect(JSON.parse(JSON.stringify(ir))).toEqual(ir);
});
