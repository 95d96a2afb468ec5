/** What the NetSuite connector makes of accounts, refusals, and pages by offset. Signatures: the recorded exchanges. */
import { describe, expect, it } from "vitest";
import { json, type Reply, sequence, status } from "../../runtime/testing/index.ts";
import { createStage, gathered } from "./stage.ts";

const { start, run } = createStage();

const date = "Thu, 01 Jan 2026 00:00:00 GMT";
const failure = (code: number, errorCode: string, detail: string): Reply =>
  status(
    code,
    {
      type: "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.1",
      title: "Bad Request",
      status: code,
      "o:errorDetails": [{ detail, "o:errorCode": errorCode }],
    },
    { "content-type": "application/vnd.oracle.resource+json; type=error", date },
  );
const rows = (offset: number, ids: readonly string[], hasMore: boolean): Reply =>
  json({
    count: ids.length,
    hasMore,
    offset,
    totalResults: 5,
    items: ids.map((id) => ({ links: [], id })),
  });
const suiteql = "POST /services/rest/query/v1/suiteql";

describe("netsuite", () => {
  it("reads pages by offset, in order, until there are no more", async () => {
    const { connection, server } = await start("netsuite", {
      [suiteql]: sequence(rows(0, ["1", "2"], true), rows(2, ["3", "4"], true), rows(4, ["5"], false)),
    });
    const read = connection.records("suiteql", { q: "SELECT id FROM customer ORDER BY id", limit: 2 });
    expect((await gathered(read)).map((row) => Reflect.get(Object(row), "id"))).toEqual([
      "1",
      "2",
      "3",
      "4",
      "5",
    ]);
    expect(server.requests.map(({ query }) => query.get("offset"))).toEqual(["0", "2", "4"]);
    expect(new Set(server.requests.map(({ headers }) => headers.prefer))).toEqual(new Set(["transient"]));
  });

  it("goes on after what came where a page is short midway", async () => {
    const { connection, server } = await start("netsuite", {
      [suiteql]: sequence(rows(0, ["1"], true), rows(1, ["2", "3"], false)),
    });
    expect(await gathered(connection.records("suiteql", { q: "SELECT 1", limit: 2 }))).toHaveLength(3);
    expect(server.requests[1]?.query.get("offset")).toBe("1");
  });

  it("finds a record that comes twice where pages overlap", async () => {
    const { connection } = await start("netsuite", {
      "GET /services/rest/record/v1/customer": sequence(
        rows(0, ["1", "2"], true),
        rows(2, ["2", "3"], false),
      ),
    });
    await expect(gathered(connection.records("list_customers", { limit: 2 }))).rejects.toMatchObject({
      code: "pagination_inconsistent",
    });
  });

  it("waits where too many requests run at a time, and signs anew", async () => {
    const { connection, server } = await start("netsuite", {
      "PATCH /services/rest/record/v1/customer/107": sequence(
        failure(429, "CONCURRENCY_LIMIT_EXCEEDED", "Concurrent request limit exceeded."),
        { status: 204, headers: { date } },
      ),
    });
    const call = connection.call("update_record", {
      record_type: "customer",
      record_id: "107",
      record: { memo: "x" },
    });
    expect(await run(call)).toMatchObject({ attempts: 2, status: 204 });
    expect(server.requests).toHaveLength(2);
  });

  it.each([
    [401, "INVALID_LOGIN", "authentication_failed"],
    [400, "INSUFFICIENT_PERMISSION", "permission_denied"],
    [404, "NONEXISTENT_ID", "not_found"],
    [400, "USER_ERROR", "upstream_error"],
  ])("tells a %i %s as %s, in NetSuite's own words", async (code, errorCode, expected) => {
    const { connection, server } = await start("netsuite", {
      "* /*": failure(code, errorCode, "Please enter a value for: Subsidiary."),
    });
    const call = connection.call("create_record", { record_type: "customer", record: {} });
    await expect(call).rejects.toMatchObject({
      code: expected,
      message: expect.stringContaining("Please enter a value for: Subsidiary"),
      details: { server_code: errorCode },
    });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ["1234567", "1234567"],
    ["1234567-sb1", "1234567_SB1"],
    ["TSTDRV1234567", "TSTDRV1234567"],
  ])("names the account %s in the realm as %s", async (account, realm) => {
    const { connection, server } = await start("netsuite", { "* /*": json({}) }, { config: { account } });
    await connection.call("get_customer", { record_id: "107" });
    expect(server.requests[0]?.headers.authorization).toMatch(new RegExp(`^OAuth realm="${realm}", `));
    expect(await connection.origins()).toEqual([
      `https://${account.toLowerCase()}.suitetalk.api.netsuite.com`,
    ]);
  });

  it.each(["evil.example/", "1234567.evil", "1234567_SB1", "a@b", ""])(
    "lets no account %j lead the token elsewhere",
    async (account) => {
      const requests: unknown[] = [];
      const made = start(
        "netsuite",
        (request) => {
          requests.push(request);
          return json({});
        },
        { config: { account } },
      ).then(({ connection }) => connection.call("get_customer", { record_id: "107" }));
      await expect(made).rejects.toMatchObject({
        code: expect.stringMatching(/^(configuration|invalid_parameters)$/),
      });
      expect(requests).toEqual([]);
    },
  );
});
