import type { Operation } from "../../schema/ir.ts";
import { OperationJob } from "../call/operation-job.ts";
import type { Overrides } from "../request/plan.ts";
import type { ReceivedAnswer } from "../request/received-answer.ts";
import type { Values } from "../request/scope.ts";
import type { Received } from "../request/send.ts";
import type { Pair } from "../request/styles.ts";
import { headerText, statelessRevision } from "./protocol.ts";
import { type Agreement, agreedBody, agreedHeaders, type ListedTool } from "./session.ts";
import { ToolAnswer } from "./tool-answer.ts";
import type { ToolCall } from "./upstream.ts";

/** The exchange that calls a tool; `reopen` gives what to send where the server knows the session no more. */
export class ToolJob extends OperationJob {
  readonly answer: (received: Received) => ReceivedAnswer;
  readonly resumed: (answer: ReceivedAnswer) => Promise<Overrides> | undefined;

  constructor(call: ToolCall, overrides: Overrides, reopen: (() => Promise<Overrides>) | undefined) {
    super(call.context, call.plan, call.values, overrides, call.deadline);
    const name = call.plan.operation.tool?.name ?? "";
    this.answer = (received) => new ToolAnswer(received, name);
    // MCP 2025-11-25, Session Management: 404 says that the session has ended.
    this.resumed = ({ status }) => (status === 404 ? reopen?.() : undefined);
  }
}

/** What a call says besides what its operation says, under an agreement. */
export function toolOverrides(call: ToolCall, agreement: Agreement, listed: ListedTool): Overrides {
  const { overrides, plan, values } = call;
  return {
    ...overrides,
    headers: [
      ...overrides.headers,
      ...agreedHeaders(agreement, "tools/call"),
      ...(agreement.revision === statelessRevision ? named(plan.operation, listed, values) : []),
    ],
    body: [...overrides.body, ...agreedBody(agreement)],
  };
}

/** `Mcp-Name`, and the arguments that the tool wants in headers (MCP 2026-07-28, Streamable HTTP). */
function named({ tool, parameters }: Operation, { mirrored }: ListedTool, values: Values): readonly Pair[] {
  const valueAt = ([first, ...rest]: readonly string[]): unknown => {
    const parameter = parameters.find(({ wire_name }) => wire_name === first);
    return rest.reduce(member, parameter && values.get(parameter.name));
  };
  const pairs = mirrored.flatMap(({ header, path }): Pair[] => {
    const value = headerText(valueAt(path));
    return value === undefined ? [] : [{ name: header, value }];
  });
  const name = headerText(tool?.name);
  return name === undefined ? pairs : [{ name: "mcp-name", value: name }, ...pairs];
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
