import { describe, expect, it } from "vitest";
import { compile } from "../../compiler/index.ts";
import { exchangesOf, recordedConnection, shipped, textOf } from "./shipped.ts";

describe("shipped descriptors", () => {
  it("are those that the README names", () => {
    expect(shipped).toEqual([
      "aws-s3",
      "github",
      "google-drive",
      "jira-cloud",
      "netsuite",
      "salesforce",
      "securonix",
      "stripe",
    ]);
  });

  it.each(shipped)("%s is without any finding", async (connector) => {
    const { ir, diagnostics } = await compile(textOf(connector, "connector.yaml"));
    expect(diagnostics.map(({ rule, path, message }) => `${rule} ${path}: ${message}`)).toEqual([]);
    expect(ir?.slug).toBe(connector);
  });

  it.each(shipped)("%s names the schema for editors in its first line", (connector) => {
    expect(textOf(connector, "connector.yaml").split("\n")[0]).toBe(
      "# yaml-language-server: $schema=../../schema/descriptor.schema.json",
    );
  });

  it.each(shipped)(
    "%s has operations, limits, tools, a way to check credentials, and pages",
    async (connector) => {
      const { ir } = await compile(textOf(connector, "connector.yaml"));
      expect(ir?.operations.length).toBeGreaterThanOrEqual(7);
      expect(ir?.limits.length).toBeGreaterThanOrEqual(2);
      expect(ir?.profiles.every(({ test }) => test !== undefined)).toBe(true);
      expect(ir?.mcp?.tools.length).toBeGreaterThanOrEqual(4);
      expect(ir?.operations.some(({ pagination }) => pagination.kind !== "none")).toBe(true);
    },
  );

  it.each(shipped)("%s keeps its recordings in step with its operations", async (connector) => {
    const { ir } = await compile(textOf(connector, "connector.yaml"));
    const known = new Set(ir?.operations.map(({ id }) => id));
    const recorded = [...exchangesOf(connector).values()].flatMap(({ operation }) => operation ?? []);
    expect(recorded.filter((operation) => !known.has(operation))).toEqual([]);
    expect(new Set(recorded).size).toBeGreaterThanOrEqual(5);
    expect(ir?.profiles.map(({ id }) => id)).toContain(recordedConnection(connector).profile);
  });
});
