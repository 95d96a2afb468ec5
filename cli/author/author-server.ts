import { systemClock } from "../../runtime/clock.ts";
import { createFunctionServer } from "../../runtime/mcp/function-tools.ts";
import type { ToolServer } from "../../runtime/mcp/index.ts";
import { version } from "../../runtime/version.ts";
import { functionTool } from "./author-tool.ts";
import type { PinnedCallSettings } from "./pinned-call.ts";
import type { PinnedConnection } from "./pins.ts";
import { buildClient } from "./tools/build-client.ts";
import { callOperation } from "./tools/call-operation.ts";
import { createDescriptor } from "./tools/create-descriptor.ts";
import { diffDescriptors } from "./tools/diff-descriptors.ts";
import { explainRule } from "./tools/explain-rule.ts";
import { importOpenApi } from "./tools/import-openapi.ts";
import { readDescriptor } from "./tools/read-descriptor.ts";
import { validateDescriptor } from "./tools/validate-descriptor.ts";
import type { Workspace } from "./workspace.ts";

/** After so long a call fails. */
const timeoutMs = 120_000;

/** Tools with which an agent makes connectors in one folder. */
export function createAuthorServer(
  workspace: Workspace,
  connections: ReadonlyMap<string, PinnedConnection>,
  settings: PinnedCallSettings,
): ToolServer {
  const tools = [
    createDescriptor(workspace),
    validateDescriptor(workspace),
    explainRule(),
    readDescriptor(workspace),
    importOpenApi(workspace),
    callOperation(workspace, connections, settings),
    buildClient(workspace),
    diffDescriptors(workspace),
  ];
  return createFunctionServer({
    name: "connectorc-author",
    version,
    instructions:
      "Write a descriptor with create_descriptor, or make one with import_openapi; mend it until validate_descriptor answers ok; try its operations with call_operation and routes of a test server; build its client with build_client.",
    tools: tools.map(functionTool),
    timeoutMs,
    clock: systemClock,
    told: (fault) =>
      void settings.world.stderr.write(
        `warning: a tool failed inside: ${fault instanceof Error ? fault.message : String(fault)}\n`,
      ),
  });
}
