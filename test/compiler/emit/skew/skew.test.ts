/**
 * Clients that were built some time ago, for every version of the representation so far: over the runtime of today, and
 * standalone ones over the core that was written with them.
 */
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
function clientOf(folder: string): { readonly path: string; readonly text: string }[] {
  const path = join(import.meta.dirname, folder);
  return readdirSync(path).map((name) => ({
    path: `acme-desk/${name.replace(/\.txt$/, "")}`,
    text: readFileSync(join(path, name), "utf8"),
  }));
}

const clients = versions.flatMap((version) => [`ir-${version}`, `ir-${version}-standalone`]);

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

describe.each(clients)("the client of %s", (version) => {
  it("compiles with the runtime, the compiler and the callers of today", () => {
    expect(typeErrors(clientOf(version), caller)).toEqual([]);
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

/** What a program of today may write, and what it may not. */
const caller = `
import { createAcmeDesk, isAcmeDeskError } from "CLIENT";
export async function run(): Promise<void> {
  const desk = createAcmeDesk({ profile: "none", config: { base_url: "https://x.test" } });
  try {
    for await (const issue of desk.listIssues({ state: "open" })) console.log(issue);
    for await (const page of desk.listIssues().pages()) console.log(page.cursor, page.records.length);
    const { data, response } = await desk.listIssues({}, { timeoutMs: 5 }).withResponse();
    console.log(data, response.status, response.requestId);
    // @ts-expect-error There is no such parameter.
    await desk.listIssues({ stat: "open" });
  } catch (error) {
    if (isAcmeDeskError(error) && error.code === "rate_limited") console.log(error.retryAt);
  }
  await desk.close();
}
`;

describe.each([
  [
    irVersion + 1,
    "a newer",
    /Update connectorc here to the version that built it, or build it again with this one\.$/,
  ],
  [irVersion - 1, "an older", /Build it again with this one\.$/],
])("a client of ir_version %i", (version, other, mend) => {
  it("is refused by this runtime with a sentence that says what to do", async () => {
    const files = await emitTypeScript(skewConnector);
    const own = `"ir_version":${irVersion}`;
    const foreign = files.map(({ path, text }) => ({
      path,
      text: text.replace(own, `"ir_version":${version}`),
    }));
    expect(fileOf(foreign, "index.ts")).not.toBe(fileOf(files, "index.ts"));
    const { createAcmeDesk, isAcmeDeskError } = (await loadClient(foreign)) as unknown as Module;
    let thrown: unknown;
    try {
      createAcmeDesk({ profile: "none", config: { base_url: "https://x.test" } }, {});
    } catch (error) {
      thrown = error;
    }
    expect(isAcmeDeskError(thrown)).toBe(true);
    expect(thrown).toMatchObject({
      code: "configuration",
      details: { ir_version: version, reads: irVersion },
    });
    const { message } = thrown as Error;
    expect(message).toContain(
      `The connector "acme-desk" was built by ${other} connectorc: its ir_version is ${version}, and this runtime reads ${irVersion}.`,
    );
    expect(message).toMatch(mend);
  });
});
