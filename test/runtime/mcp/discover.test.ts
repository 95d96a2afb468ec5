import { describe, expect, it } from "vitest";
import { descriptor } from "../../support/line.ts";
import { offered, stage } from "./support.ts";

const desk = `${descriptor(`operations:
  - operation_id: list_issues
    endpoint: /issues
    summary: List the issues of a project
    auth_type_ref: none
    parameters: [{ name: state, location: query }]
  - operation_id: get_user
    endpoint: "/users/{id}"
    summary: Read one person
    auth_type_ref: none
    parameters: [{ name: id, location: path, required: true }]
  - operation_id: close_issue
    endpoint: "/issues/{id}/close"
    method: POST
    summary: Close an issue
    auth_type_ref: none
    parameters: [{ name: id, location: path, required: true }]`)}${offered}`;

const discover = (allowWrites = false) => ({ server: { discover: true, select: { allowWrites } } });

describe("a server that is discovered", () => {
  it("lists three tools, finds operations by words, describes and calls them", async () => {
    const { client, call } = await stage(
      desk,
      { "GET /users/:id": (_, { params }) => ({ json: { id: params.id } }) },
      discover(),
    );
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      "search_operations",
      "describe_operation",
      "call_operation",
    ]);
    const found = await call("search_operations", { query: "issue project" });
    expect(found.structured.operations).toMatchObject([{ name: "list_issues", read_only: true }]);
    const told = await call("describe_operation", { name: "get_user" });
    expect(told.structured).toMatchObject({ name: "get_user", inputSchema: { required: ["id"] } });
    const answer = await call("call_operation", { name: "get_user", arguments: { id: "7" } });
    expect(answer.structured).toEqual({ id: "7" });
  });

  it("says what it would rather have heard", async () => {
    const { call } = await stage(desk, {}, discover());
    expect((await call("call_operation", { name: "get_usr" })).structured.error).toMatchObject({
      argument: "name",
      message: expect.stringContaining('Did you mean "get_user"?'),
    });
    expect((await call("search_operations", { query: "zebra" })).structured).toMatchObject({
      operations: [],
    });
    expect((await call("call_operation", { name: "get_user" })).structured.error).toMatchObject({
      argument: "id",
    });
  });

  it("reaches no operation that is not served", async () => {
    const { call, line } = await stage(desk, { "POST /issues/:id/close": { json: {} } }, discover());
    expect((await call("call_operation", { name: "close_issue", arguments: { id: "1" } })).isError).toBe(
      true,
    );
    expect(line.server.requests).toEqual([]);
    const open = await stage(desk, { "POST /issues/:id/close": { json: {} } }, discover(true));
    expect((await open.call("call_operation", { name: "close_issue", arguments: { id: "1" } })).isError).toBe(
      false,
    );
  });
});
