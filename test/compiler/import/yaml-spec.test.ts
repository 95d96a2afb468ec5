import { afterEach, describe, expect, it } from "vitest";
import { json } from "../../../runtime/testing/index.ts";
import { type Connected, connectImported, readAll } from "./connect-imported.ts";
import { importOne } from "./import-text.ts";

const salesforce = `
kind: connector
version: "1.0"
id: salesforce_rest
displayName: Salesforce REST
category: crm
auth:
  - type: oauth2
    authorizeUrl: https://login.salesforce.com/services/oauth2/authorize
    tokenUrl: https://login.salesforce.com/services/oauth2/token
    scopes: [api, refresh_token]
    clientIdRef: "{{secrets.clientId}}"
    clientSecretRef: "{{secrets.clientSecret}}"
endpoints:
  - id: query
    method: GET
    url: "{{instance_url}}/services/data/v59.0/query"
    params:
      q: "{{soql}}"
    pagination: { type: cursor, cursorField: nextRecordsUrl, pageSize: 200 }
    rateLimit: { requestsPerSecond: 1000 }
read:
  primary: query
  resourceTypes: [Account, Contact]
`;
const items = (extra: string): string => `
kind: connector
id: items
auth: [{ type: api_key, query: key, valueRef: "{{secrets.apiKey}}" }, { type: basic }]
endpoints:
  - id: list
    url: https://items.example.com/items
    headers: { X-Tenant: "{{secrets.tenant}}" }
    responseRowsPath: data
    pagination: ${extra}
`;
const open: Connected[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const rows = (count: number, from = 0): { data: object[] } => ({
  data: Array.from({ length: count }, (_, index) => ({ id: from + index })),
});

async function connect(
  spec: string,
  handler: Parameters<typeof connectImported>[1],
  options: Parameters<typeof connectImported>[2],
): Promise<Connected> {
  const { text } = await importOne(spec);
  const connected = await connectImported(text, handler, options);
  open.push(connected);
  return connected;
}

const key = { credentials: { apiKey: "k", tenant: "t" } };

describe("import yaml-spec", () => {
  it("follows the URL of the next page with a token that was fetched before, and says what it cannot", async () => {
    const { lost } = await importOne(salesforce);
    expect(lost.map(({ at }) => at)).toEqual(["/read/resourceTypes"]);
    const { connection, server } = await connect(
      salesforce,
      {
        "GET /services/data/v59.0/query": json({
          records: [1],
          nextRecordsUrl: "/services/data/v59.0/query/2",
        }),
        "GET /services/data/v59.0/query/2": json({ records: [2] }),
      },
      {
        credentials: { clientId: "id", clientSecret: "s", access_token: "tok" },
        config: { instance_url: "https://acme.my.salesforce.com" },
      },
    );
    const { pages, code } = await readAll(connection, "query", { soql: "SELECT Id FROM A" });
    expect({ pages: pages.length, code }).toEqual({ pages: 2, code: undefined });
    expect(server.requests[0]?.query.get("q")).toBe("SELECT Id FROM A");
    expect(server.requests[0]?.headers.authorization).toBe("Bearer tok");
  });

  it.each([
    ["offset", "{ type: offset, pageSize: 2 }", ["limit=2&offset=0", "limit=2&offset=2"]],
    ["page", "{ type: page, pageSize: 2, limitParam: per }", ["per=2&page=1", "per=2&page=2"]],
    ["cursor", "{ type: cursor, cursorField: meta.next, pageSize: 2 }", ["", "cursor=c"]],
  ])("stops at a short page of pages by %s", async (_kind, pagination, sent) => {
    let served = 0;
    const { connection, server } = await connect(
      items(pagination),
      { "GET /items": () => json({ ...rows(served++ === 0 ? 2 : 1), meta: { next: "c" } }) },
      key,
    );
    const { pages, code } = await readAll(connection, "list");
    expect({ pages: pages.length, code }).toEqual({ pages: 2, code: undefined });
    expect(server.requests.map(({ target }) => target.replace(/^[^?]*\?|&?key=k/g, ""))).toEqual(sent);
    expect(server.requests[0]?.headers["x-tenant"]).toBe("t");
  });

  it("ends at maxPages, a hundred unless given, and says that there are more", async () => {
    const forever = { "GET /items": () => json(rows(2)) };
    const capped = await connect(
      items("{ type: page, pageSize: 2, limitParam: per, maxPages: 3 }"),
      forever,
      key,
    );
    expect(await readAll(capped.connection, "list")).toMatchObject({
      pages: { length: 3 },
      code: "truncated",
    });
    const open = await connect(items("{ type: offset, pageSize: 2 }"), forever, key);
    expect(await readAll(open.connection, "list")).toMatchObject({
      pages: { length: 100 },
      code: "truncated",
    });
  });

  it("offers each way of signing in to every endpoint", async () => {
    const { descriptor } = await importOne(items("{ type: none }"));
    expect(descriptor.authentication.map(({ type }) => type)).toEqual(["api_key", "basic"]);
    expect(descriptor.authentication[0]).toMatchObject({
      fields: [{ key: "apiKey" }, { key: "tenant" }],
      auth_query: { key: "{apiKey}" },
    });
    expect(descriptor.operations?.[0]?.auth_type_ref).toEqual(["api_key", "basic"]);
  });

  it("tells a way of signing in and pages that it has no words for, and carries the rest", async () => {
    const { descriptor, lost } = await importOne(
      items("{ type: spiral }").replace("type: basic", "type: carrier_pigeon"),
    );
    expect(descriptor.operations).toHaveLength(1);
    expect(lost.map(({ at }) => at)).toEqual(["/auth/1", "/endpoints/list/pagination"]);
  });
});
