/** A client that was built some time ago, with the runtime of today, for every version of the representation so far. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emitTypeScript } from "../../../../compiler/emit/typescript/index.ts";
import { startServer } from "../../../../runtime/testing/index.ts";
import { irVersion } from "../../../../schema/ir.ts";
import { loadClient } from "../support/load-client.ts";
import { fileOf, typeErrors } from "../support/type-check.ts";
import { skewConnector } from "./connector.ts";

const versions = Array.from({ length: irVersion }, (_, index) => index + 1);

/** The client as it was written then; `.txt` keeps it from formatters and type checks. */
function clientOf(version: number): { readonly path: string; readonly text: string }[] {
  const folder = join(import.meta.dirname, `ir-${version}`);
  return readdirSync(folder).map((name) => ({
    path: `acme-desk/${name.replace(/\.txt$/, "")}`,
    text: readFileSync(join(folder, name), "utf8"),
  }));
}

interface Client {
  listIssues(parameters: object): AsyncIterable<unknown> & {
    withResponse(): Promise<{ readonly data: unknown; readonly response: { readonly status: number } }>;
  };
  request(request: object): Promise<{ readonly data: unknown }>;
  close(): Promise<void>;
}
interface Module {
  createAcmeDesk(options: object, runtimeOptions: object): Client;
  isAcmeDeskError(error: unknown): boolean;
}

describe.each(versions)("a client of ir_version %i", (version) => {
  it("compiles against the runtime of today", () => {
    expect(typeErrors(clientOf(version))).toEqual([]);
  });

  it("calls, reads pages and records, and fails as it did", async () => {
    const server = await startServer({
      "GET /issues": ({ query }) =>
        query.get("state") === "gone"
          ? { status: 404, json: {} }
          : { status: 200, json: { issues: Number(query.get("offset") ?? 0) > 0 ? [] : [1, 2] } },
      "GET /other": { status: 200, json: { other: true } },
    });
    // The generated module's own types are checked above.
    const { createAcmeDesk, isAcmeDeskError } = (await loadClient(clientOf(version))) as unknown as Module;
    const client = createAcmeDesk(
      { profile: "none", config: { base_url: server.origin } },
      { network: { allow: [server.host] } },
    );
    try {
      const records: unknown[] = [];
      for await (const record of client.listIssues({ state: "open" })) records.push(record);
      expect(records).toEqual([1, 2]);
      expect(await client.listIssues({}).withResponse()).toMatchObject({
        data: { issues: [1, 2] },
        response: { status: 200 },
      });
      expect((await client.request({ method: "GET", path: "/other" })).data).toEqual({ other: true });
      const error = await client
        .listIssues({ state: "gone" })
        .withResponse()
        .catch((thrown: unknown) => thrown);
      expect(isAcmeDeskError(error)).toBe(true);
    } finally {
      await client.close();
      await server.close();
    }
  });
});

describe("a client of a later ir_version", () => {
  it("is refused by this runtime with a sentence that says what to do", async () => {
    const files = await emitTypeScript(skewConnector);
    const later = files.map(({ path, text }) => ({
      path,
      text: text.replace('"ir_version":1', `"ir_version":${irVersion + 1}`),
    }));
    expect(fileOf(later, "index.ts")).not.toBe(fileOf(files, "index.ts"));
    const { createAcmeDesk } = (await loadClient(later)) as unknown as Module;
    expect(() => createAcmeDesk({ profile: "none", config: { base_url: "https://x.test" } }, {})).toThrow(
      /ir_version is 2, and this runtime reads 1/,
    );
  });
});
