import { expect, it } from "vitest";
import { mend } from "../../../compiler/import/mend/mend.ts";
import { Notes } from "../../../compiler/import/notes.ts";
import { renderFiles } from "../../../compiler/import/write/files.ts";
import type { Descriptor } from "../../../schema/descriptor.ts";

it("what a descriptor cannot be without is written anew, and told, where the validator refuses it", async () => {
  const descriptor: Descriptor = {
    metadata: { name: "Pet Shop", slug: "pet-shop", version: "1", description: "Pets.", publisher: "P" },
    base_url: "https://*.example.com",
    authentication: [{ type: "none" }],
    operations: [{ operation_id: "list", endpoint: "/pets", summary: "List", auth_type_ref: "none" }],
  };
  const notes = new Notes();
  const files = await mend({ descriptor, notes, operations: 1 }, () =>
    renderFiles(descriptor, notes, "a test"),
  );
  expect(descriptor).toMatchObject({
    metadata: { version: "0.1.0", publisher: "Unknown" },
    base_url: "{base_url}",
    connection_config: [{ key: "base_url", format: "uri" }],
    operations: [{ operation_id: "list" }],
  });
  expect(files[0]?.text).toContain("# The address of the API is to be given:");
  expect(notes.lost.map(({ at }) => at)).toEqual(
    expect.arrayContaining(["/base_url", "/metadata/version", "/metadata/publisher"]),
  );
});
