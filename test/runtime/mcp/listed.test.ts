import { describe, expect, it } from "vitest";
import { descriptor } from "../../support/line.ts";
import { offered, type StageOptions, stage } from "./support.ts";

/** 42 operations about repositories; each says the same of `repo`, all but one of `page`, and each has a filter of its own. */
const operations = Array.from(
  { length: 42 },
  (_, at) => `  - operation_id: read_${at}
    endpoint: "/repos/{repo}/${at}"
    summary: Read part ${at}
    description: Reads part ${at}. ${"It says much of what it reads. ".repeat(12)}
    auth_type_ref: none
    parameters:
      - { name: repo, location: path, required: true, description: The repository without its owner. }
      - { name: page, location: query${at === 7 ? "" : ", description: The page of the results."} }
      - { name: filter, location: query, description: Filter number ${at}. }
`,
);
const yaml = `${descriptor(`operations:\n${operations.join("")}`)}${offered}`;

async function listed(options: StageOptions = {}) {
  const made = await stage(yaml, {}, options);
  const { tools } = await made.client.listTools();
  return { ...made, listed: tools, instructions: made.client.getInstructions() };
}

describe("the list of a connector of many tools", () => {
  it("tells once, in the instructions, what all of them say of an argument", async () => {
    const { listed: tools, instructions } = await listed();
    expect(instructions?.split("\n")).toEqual([
      "Arguments without a description, in tools of Test API:",
      "- repo: The repository without its owner.",
      "- cursor: next_cursor",
      "- fields: Members to keep, such as owner.name",
    ]);
    expect(tools[3]?.inputSchema.properties).toMatchObject({
      repo: { type: "string" },
      // One tool leaves it unsaid, so each of the others says it by itself.
      page: { type: "string", description: "The page of the results." },
      filter: { type: "string", description: "Filter number 3." },
    });
    expect(tools[3]?.inputSchema.properties?.repo).not.toHaveProperty("description");
  });

  it("has no title that the description begins with, and no hint that holds anyway", async () => {
    const { listed: tools } = await listed();
    expect(tools[3]).toMatchObject({ name: "read_3", annotations: { readOnlyHint: true } });
    expect(tools[3]?.description).toMatch(/^Read part 3\. Reads part 3\./);
    expect(tools[3]?.description?.length).toBeLessThanOrEqual(160);
    expect(tools[3]).not.toHaveProperty("title");
  });

  it("shortens nothing of what is described one at a time", async () => {
    const { call, instructions } = await listed({ server: { discover: true } });
    const { structured } = await call("describe_operation", { name: "read_3" });
    expect(String(structured.description).length).toBeGreaterThan(300);
    expect(structured).toMatchObject({
      title: "Read part 3",
      inputSchema: { properties: { repo: { description: "The repository without its owner." } } },
    });
    expect(instructions).toBeUndefined();
  });

  it("is locked with what the instructions say", async () => {
    const { tools } = await listed();
    expect(tools.callable[3]).toMatchObject({
      title: "Read part 3",
      inputSchema: { properties: { repo: { description: "The repository without its owner." } } },
    });
  });
});
