import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { desk, deskWith } from "../../compiler/language-service/support.ts";
import { folderWith, run } from "../support.ts";
import { startClient } from "./client.ts";

const uri = "file:///work/desk/connector.yaml";
const there = "auth_type_ref: oauth2_client_credentials";

describe("findings in an editor", () => {
  it("come for the open text, with severity, rule, related places and version", async () => {
    const client = await startClient(undefined);
    await client.open(uri, deskWith(there, "auth_type_ref: nobody"));
    const [finding, ...others] = await client.diagnostics(uri);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ severity: 1, code: "reference/unknown-profile", source: "connector" });
    expect(finding?.relatedInformation?.[0]?.location.uri).toBe(uri);
    expect(finding?.codeDescription).toBeUndefined();
    await client.change(uri, desk);
    expect(await client.diagnostics(uri)).toEqual([]);
  });

  it("are those of the last of many changes", async () => {
    const client = await startClient(undefined);
    await client.open(uri, desk);
    for (let count = 0; count < 50; count++)
      await client.change(uri, deskWith(there, `auth_type_ref: nobody_${count}`));
    const [finding] = await client.diagnostics(uri);
    expect(finding?.message).toContain("nobody_49");
  });

  it("count columns in UTF-16 units", async () => {
    const client = await startClient(undefined);
    const text = desk.replace(
      "summary: Create a ticket\n    auth_type_ref: oauth2_client_credentials",
      'summary: x\n    "auth_type_ref": "😀nobody"',
    );
    await client.open(uri, text);
    const [finding] = await client.diagnostics(uri);
    expect(finding?.code).toBe("reference/unknown-profile");
    expect(finding?.range.end.character).toBe(4 + '"auth_type_ref": "😀nobody"'.length);
  });

  it("mark what nothing uses", async () => {
    const client = await startClient(undefined);
    await client.open(
      uri,
      deskWith("  - key: region\n", "  - key: region\n    label: Region\n  - key: spare\n").replace(
        "    label: Region\n    label: Region",
        "    label: Region",
      ),
    );
    const findings = await client.diagnostics(uri);
    expect(findings.find(({ code }) => code === "setting/unused")?.tags).toEqual([1]);
  });

  it("leave other YAML of a workspace alone", async () => {
    const client = await startClient(undefined);
    const other = "file:///work/deployment.yaml";
    await client.open(other, "kind: Deployment\nmetadata:\n  name: web\n");
    await client.open(uri, desk);
    expect(await client.diagnostics(uri)).toEqual([]);
    expect(
      await client.request("textDocument/hover", {
        textDocument: { uri: other },
        position: { line: 0, character: 1 },
      }),
    ).toBeNull();
    expect(client.told(other)).toBe(false);
  });

  it("are gone when the document is closed", async () => {
    const client = await startClient(undefined);
    await client.open(uri, deskWith(there, "auth_type_ref: nobody"));
    expect(await client.diagnostics(uri)).toHaveLength(1);
    expect(await client.close(uri)).toEqual([]);
  });
});

describe("the workspace", () => {
  it("gives the same findings as the command line: configuration and ignore comments", async () => {
    const broken = deskWith(there, "auth_type_ref: nobody").replace(
      "  - key: region\n",
      "  - key: spare\n  - key: region\n",
    );
    const folder = await folderWith({
      "connector.config.yaml": "rules:\n  setting/unused: error\n",
      "a/desk.yaml": broken,
      "a/quiet.yaml": broken.replace(
        "  - key: spare",
        "  # connector-ignore setting/unused: kept for later\n  - key: spare",
      ),
    });
    const client = await startClient(folder);
    for (const name of ["a/desk.yaml", "a/quiet.yaml"]) {
      const ran = await run(["validate", name, "--format", "json"], { cwd: folder });
      const { diagnostics } = JSON.parse(ran.stdout) as {
        diagnostics: { rule: string; severity: string; range: { start: { line: number } } }[];
      };
      const at = pathToFileURL(join(folder, name)).href;
      await client.open(
        at,
        name.includes("quiet")
          ? broken.replace(
              "  - key: spare",
              "  # connector-ignore setting/unused: kept for later\n  - key: spare",
            )
          : broken,
      );
      const found = await client.diagnostics(at);
      const names = { error: 1, warning: 2, info: 3 } as const;
      expect(found.map(({ code, severity, range }) => [code, severity, range.start.line + 1])).toEqual(
        diagnostics.map(({ rule, severity, range }) => [
          rule,
          names[severity as keyof typeof names],
          range.start.line,
        ]),
      );
      expect(found.length).toBeGreaterThan(0);
    }
  });

  it("hides what the baseline lists", async () => {
    const text = desk.replace("  - key: region\n", "  - key: spare\n  - key: region\n");
    const folder = await folderWith({
      "connector.config.yaml": "baseline: known.json\n",
      "a/desk.yaml": text,
    });
    expect((await run(["validate", "a/desk.yaml", "--update-baseline"], { cwd: folder })).code).toBe(0);
    const client = await startClient(folder);
    const at = pathToFileURL(join(folder, "a/desk.yaml")).href;
    await client.open(at, text);
    expect(await client.diagnostics(at)).toEqual([]);
    await client.change(at, text.replace("  - key: spare\n", "  - key: spare\n  - key: other\n"));
    expect((await client.diagnostics(at)).map(({ message }) => message)).toEqual([
      expect.stringContaining("`other`"),
    ]);
  });

  it("reads schema files below it, as they stand in the editor, and links to them", async () => {
    const text = deskWith(
      'response_schema: { $ref: "#/schemas/Ticket" }',
      'response_schema: { $ref: "./ticket.yaml" }',
    );
    const folder = await folderWith({ "desk.yaml": text, "ticket.yaml": "type: object\n" });
    const client = await startClient(folder);
    const at = pathToFileURL(join(folder, "desk.yaml")).href;
    const schema = pathToFileURL(join(folder, "ticket.yaml")).href;
    await client.open(at, text);
    expect(await client.diagnostics(at)).toEqual([]);
    expect(await client.request("textDocument/documentLink", { textDocument: { uri: at } })).toMatchObject([
      { target: schema },
    ]);
    await client.open(schema, "type: objekt\n");
    await client.change(at, `${text}\n`);
    expect((await client.diagnostics(at)).map(({ code }) => code)).toEqual(["schema/file"]);
  });

  it("never reads through a link out of it", async () => {
    const outside = await folderWith({
      "secret.yaml": "type: [broken\n",
      "connector.config.yaml": "rules: { setting/unused: error }\n",
    });
    const text = deskWith(
      'response_schema: { $ref: "#/schemas/Ticket" }',
      'response_schema: { $ref: "./link.yaml" }',
    );
    const folder = await folderWith({ "desk.yaml": text });
    await symlink(join(outside, "secret.yaml"), join(folder, "link.yaml"));
    await symlink(join(outside, "connector.config.yaml"), join(folder, "connector.config.yaml"));
    const client = await startClient(folder);
    const at = pathToFileURL(join(folder, "desk.yaml")).href;
    await client.open(at, text.replace("  - key: region\n", "  - key: spare\n  - key: region\n"));
    const found = await client.diagnostics(at);
    const file = found.find(({ code }) => code === "schema/file");
    expect(file?.message).toContain("leaves the folder");
    expect(file?.message).not.toContain("broken");
    expect(found.find(({ code }) => code === "setting/unused")?.severity).toBe(2);
    expect(await client.request("textDocument/documentLink", { textDocument: { uri: at } })).toEqual([]);
  });

  it("reads nothing beside a document outside of it", async () => {
    const text = deskWith(
      'response_schema: { $ref: "#/schemas/Ticket" }',
      'response_schema: { $ref: "./ticket.yaml" }',
    );
    const folder = await folderWith({ "out/desk.yaml": text, "out/ticket.yaml": "type: object\n" });
    await mkdir(join(folder, "in"));
    const client = await startClient(join(folder, "in"));
    const at = pathToFileURL(join(folder, "out/desk.yaml")).href;
    await client.open(at, text);
    expect((await client.diagnostics(at)).map(({ code }) => code)).toEqual(["schema/file"]);
  });

  it("judges the configuration itself, and says where it is missed that it cannot be used", async () => {
    const folder = await folderWith({ "connector.config.yaml": "presett: strict\n", "desk.yaml": desk });
    const client = await startClient(folder);
    const config = pathToFileURL(join(folder, "connector.config.yaml")).href;
    const at = pathToFileURL(join(folder, "desk.yaml")).href;
    await client.open(config, "presett: strict\n");
    expect(await client.diagnostics(config)).toHaveLength(1);
    await client.open(at, desk);
    expect(await client.diagnostics(at)).toMatchObject([{ code: "config/unusable" }]);
    await writeFile(join(folder, "connector.config.yaml"), "preset: strict\n");
    await client.change(config, "preset: minimal\n");
    expect(await client.diagnostics(config)).toEqual([]);
    await client.until(at, (found) => found.every(({ code }) => code !== "config/unusable"));
  });
});
