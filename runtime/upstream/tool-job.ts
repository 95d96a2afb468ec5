import type { Operation } from "../../schema/ir.ts";
import type { OperationCalls } from "../call/operation-calls.ts";
import { OperationJob } from "../call/operation-job.ts";
import type { Overrides } from "../request/plan.ts";
import type { ReceivedAnswer } from "../request/received-answer.ts";
import type { Values } from "../request/scope.ts";
import type { Received } from "../request/send.ts";
import type { Pair } from "../request/styles.ts";
import { headerText, statelessRevision } from "./protocol.ts";
import {
  type Agreement,
  agreedBody,
  agreedHeaders,
  cancelRequest,
  isStdio,
  type ListedTool,
} from "./session.ts";
import { ToolAnswer } from "./tool-answer.ts";
import type { ToolCall } from "./upstream.ts";

/** What to send, and under which agreement, where the server knows the session no more. */
export type Reopen = () => Promise<{ readonly agreement: Agreement; readonly overrides: Overrides }>;

/**
 * The exchange that calls a tool. Under an agreement with a session its requests have ids of their own, since a server
 * finds by them where the answer goes and what is given up.
 */
export class ToolJob extends OperationJob {
  readonly answer: (received: Received) => ReceivedAnswer;
  readonly again: (overrides: Overrides) => Overrides;
  readonly resumed: ((answer: ReceivedAnswer) => Promise<Overrides> | undefined) | undefined;
  readonly unanswered: () => void;

  constructor(
    calls: OperationCalls,
    { context, plan, values, deadline }: ToolCall,
    agreed: Agreement,
    overrides: Overrides,
    reopen: Reopen,
  ) {
    let agreement = agreed;
    let id = agreement.nextId();
    const numbered = (given: Overrides): Overrides =>
      id === 1 ? given : { ...given, body: [...given.body, { path: ["id"], value: id }] };
    super(context, plan, values, numbered(overrides), deadline);
    const { operation } = plan;
    this.answer = (received) => new ToolAnswer(received, operation.tool?.name ?? "");
    this.again = (given) => {
      id = agreement.nextId();
      return numbered(given);
    };
    // MCP 2025-11-25, Session Management: 404 says that the session has ended.
    const resume: Reopen = async () => {
      const next = await reopen();
      agreement = next.agreement;
      id = agreement.nextId();
      return { ...next, overrides: numbered(next.overrides) };
    };
    this.resumed =
      agreed.id === undefined
        ? undefined
        : ({ status }) => (status === 404 ? resume().then(({ overrides: anew }) => anew) : undefined);
    this.unanswered = () => {
      if (agreement.id !== undefined && !isStdio(operation))
        void cancelRequest(calls, operation, agreement, id);
    };
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
