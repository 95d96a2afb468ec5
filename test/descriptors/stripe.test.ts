/** What the Stripe connector makes of Stripe's ways: keys, versions, retries that Stripe itself allows, lists that shift. */
import { describe, expect, it } from "vitest";
import { json, sequence, status } from "../../runtime/testing/index.ts";
import { createStage, gathered } from "./stage.ts";

const { start, run } = createStage();

const customer = { id: "cus_A", object: "customer", metadata: {} };
const refund = { id: "re_1", object: "refund", amount: 5, currency: "eur" };
const page = (ids: readonly string[], hasMore: boolean) =>
  json({ object: "list", has_more: hasMore, data: ids.map((id) => ({ ...customer, id })) });

describe("stripe", () => {
  it("sends a key as a bearer token, and no account where none is connected", async () => {
    const { connection, server } = await start(
      "stripe",
      { "GET /v1/customers/:id": json(customer) },
      { profile: "bearer", config: { api_version: "2024-06-20" } },
    );
    await connection.call("get_customer", { customer_id: "cus_A" });
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: "Bearer sk_test_example",
      "stripe-version": "2024-06-20",
    });
    expect(server.requests[0]?.headers["stripe-account"]).toBeUndefined();
  });

  it("refuses a publishable key before anything is sent", async () => {
    const { connection, server } = await start(
      "stripe",
      { "* /*": page([], false) },
      {
        credentials: { secret_key: "pk_test_example" },
      },
    );
    await expect(connection.call("get_balance")).rejects.toMatchObject({ code: "configuration" });
    expect(server.requests).toHaveLength(0);
  });

  it("tries a write again where Stripe says so, under one idempotency key", async () => {
    const { connection, server } = await start("stripe", {
      "POST /v1/refunds": sequence(
        status(500, { error: { type: "api_error" } }, { "stripe-should-retry": "true" }),
        status(409, { error: { code: "idempotency_key_in_use", type: "invalid_request_error" } }),
        json(refund),
      ),
    });
    expect(await run(connection.call("create_refund", { charge: "ch_1", amount: 5 }))).toMatchObject({
      attempts: 3,
      data: { id: "re_1" },
    });
    expect(new Set(server.requests.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
    expect(server.requests.map(({ text }) => text)).toEqual(Array(3).fill("charge=ch_1&amount=5"));
  });

  it("does not try again what Stripe says is in vain", async () => {
    const { connection, server } = await start("stripe", {
      "POST /v1/refunds": status(
        500,
        { error: { type: "api_error", message: "Sorry." } },
        { "stripe-should-retry": "false" },
      ),
    });
    await expect(run(connection.call("create_refund", { charge: "ch_1" }))).rejects.toMatchObject({
      code: "upstream_error",
      message: expect.stringContaining("Sorry"),
    });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    [
      402,
      { type: "card_error", code: "card_declined", message: "Your card has insufficient funds." },
      "payment_declined",
      "insufficient funds",
    ],
    [
      400,
      { type: "idempotency_error", message: "Keys for idempotent requests …" },
      "idempotency_conflict",
      "new key",
    ],
    [
      404,
      { type: "invalid_request_error", code: "resource_missing", message: "No such charge: 'ch_1'" },
      "not_found",
      "No such charge: 'ch_1'",
    ],
    [
      400,
      { type: "invalid_request_error", param: "amount", message: "Amount must be positive." },
      "upstream_error",
      "Amount must be positive",
    ],
  ])("tells a %i %j as %s", async (code, error, expected, said) => {
    const { connection, server } = await start("stripe", { "POST /v1/refunds": status(code, { error }) });
    await expect(connection.call("create_refund", { charge: "ch_1" })).rejects.toMatchObject({
      code: expected,
      message: expect.stringContaining(said),
    });
    expect(server.requests).toHaveLength(1);
  });

  it("reads on past a short page, and finds a list that shifts under it", async () => {
    const { connection } = await start("stripe", {
      "GET /v1/customers": sequence(
        page(["cus_D"], true),
        page(["cus_C", "cus_B"], true),
        page(["cus_B", "cus_A"], false),
      ),
    });
    await expect(gathered(connection.records("list_customers"))).rejects.toMatchObject({
      code: "pagination_inconsistent",
      cursor: expect.any(String),
    });
  });

  it("stops at a server that gives the same page for ever", async () => {
    const { connection, server } = await start("stripe", { "GET /v1/events": page(["evt_1"], true) });
    await expect(gathered(connection.pages("list_events"))).rejects.toMatchObject({
      code: expect.stringMatching(/^pagination_/),
    });
    expect(server.requests.length).toBeLessThanOrEqual(3);
  });

  it.each([{ created: { after: 1 } }, { limit: 101 }, { created: { gte: "yesterday" } }])(
    "refuses %j before anything is sent",
    async (params) => {
      const { connection, server } = await start("stripe", { "* /*": page([], false) });
      await expect(connection.call("list_customers", params)).rejects.toMatchObject({
        code: "invalid_parameters",
      });
      expect(server.requests).toHaveLength(0);
    },
  );
});
