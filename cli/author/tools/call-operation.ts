import { map, optionalText, text } from "../arguments.ts";
import { type AuthorTool, pathArgument } from "../author-tool.ts";
import { connectorOf } from "../descriptor.ts";
import { callPinned, type PinnedCallSettings } from "../pinned-call.ts";
import type { PinnedConnection } from "../pins.ts";
import { refusal } from "../refuse.ts";
import { callTestServer } from "../test-server.ts";
import type { Workspace } from "../workspace.ts";

export function callOperation(
  workspace: Workspace,
  connections: ReadonlyMap<string, PinnedConnection>,
  settings: PinnedCallSettings,
): AuthorTool {
  const object = (description: string) => ({ type: "object", description }) as const;
  return {
    name: "call_operation",
    title: "Call an operation",
    description:
      "Calls an operation against a test server that answers as `routes` say, and tells the requests that it got; no network is used. With `connection`, against the real API, within what that connection is pinned to.",
    effect: "calls",
    properties: {
      path: pathArgument,
      operation: { type: "string", description: "Its operation_id." },
      parameters: object("Values by the names of the descriptor."),
      routes: object('Answers by method and path: {"GET /items/:id": {"status": 200, "json": {}}}.'),
      config: object("Settings of connection_config, for the test server; what is missing is made up."),
      credentials: object("Credentials for the test server; what is missing is made up."),
      profile: { type: "string", description: "Authentication profile, for the test server." },
      ...(connections.size > 0
        ? { connection: { type: "string", enum: [...connections.keys()], description: "Account to use." } }
        : {}),
    },
    required: ["path", "operation"],
    run: async (given, signal) => {
      const ir = await connectorOf(workspace, text(given, "path"));
      const operation = text(given, "operation");
      if (!ir.operations.some(({ id }) => id === operation))
        throw refusal(`There is no operation ${operation.slice(0, 100)}.`, "operation");
      const call = { operation, parameters: map(given, "parameters"), signal };
      const name = optionalText(given, "connection");
      if (name === undefined) return { ...(await callTestServer(ir, call, given)) };
      const connection = connections.get(name);
      if (!connection) throw refusal(`There is no connection ${name.slice(0, 100)}.`, "connection");
      for (const key of ["routes", "config", "credentials", "profile"])
        if (Object.hasOwn(given, key)) throw refusal(`${key} is for the test server; leave it out.`, key);
      return { ...(await callPinned(ir, call, connection, settings)) };
    },
  };
}
