/** What a connection asks of the MCP server behind its operations. */
import type { ForeignTool } from "../../schema/mcp/upstream-tool.ts";
import type { Job } from "../call/job.ts";
import type { OperationCalls } from "../call/operation-calls.ts";
import type { OperationPlan } from "../call/operation-plan.ts";
import type { ConnectionContext } from "../connection/connection-context.ts";
import type { Deadline } from "../deadline.ts";
import type { Transport } from "../ports.ts";
import type { Overrides } from "../request/plan.ts";
import type { Values } from "../request/scope.ts";

/** A tool that the server offers now. */
export interface UpstreamTool extends ForeignTool {
  /** What `tool.hash` of an operation must be for it to be called. */
  readonly hash: string;
}

/** One call of a tool. */
export interface ToolCall {
  readonly context: ConnectionContext;
  readonly plan: OperationPlan;
  readonly values: Values;
  readonly overrides: Overrides;
  readonly deadline: Deadline;
}

export interface Upstream {
  /** The exchange that calls the operation's tool, once there is a session and the tool is what was reviewed. */
  job(calls: OperationCalls, call: ToolCall): Promise<Job>;
  /** What the server offers now; `like`: the plan of an operation that reaches it. */
  tools(calls: OperationCalls, like: OperationPlan): Promise<readonly UpstreamTool[]>;
}

/** An upstream that the connections of one account share. */
export interface KeptUpstream {
  readonly upstream: Upstream;
  readonly transport: Transport;
  /** Ends its sessions, which are opened anew where it is called again. */
  rest(): Promise<void>;
  close(): Promise<void>;
}

/** The upstreams of a runtime. */
export interface KeptUpstreams {
  /** The one of a key, made where there is none; it says of each call that it is `used`, and until when at most. */
  of(
    key: string,
    make: (used: (upstream: KeptUpstream, until: number) => void) => KeptUpstream,
  ): KeptUpstream;
  close(): Promise<void>;
}
