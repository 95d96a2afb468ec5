/** Requests to an MCP server that no operation describes: the handshake and the list of tools. They are paced, signed and judged as calls are. */
import type { Body, Entry, JsonObject, Operation } from "../../schema/ir.ts";
import { execute } from "../call/call.ts";
import type { OperationCalls } from "../call/operation-calls.ts";
import { OperationJob } from "../call/operation-job.ts";
import type { OperationPlan } from "../call/operation-plan.ts";
import { isConstant } from "../call/raw-request.ts";
import { Deadline } from "../deadline.ts";
import { ConnectorError } from "../errors.ts";
import type { ResponseHeaders } from "../ports.ts";
import { noOverrides } from "../request/plan.ts";
import type { Pair } from "../request/styles.ts";
import { invalidResponse } from "../response/invalid.ts";
import { isObject } from "./tool-answer.ts";

export interface RpcRequest {
  readonly method: string;
  readonly params?: JsonObject;
  readonly headers: readonly Pair[];
  /** Of its session; 1 by default. */
  readonly id?: number;
  /** A DELETE without a body, which ends the session. */
  readonly ends?: true;
  /** No answer is wanted. */
  readonly notification?: true;
  /** No second attempt, and no longer than this, in milliseconds. */
  readonly onceMs?: number;
}

/** Of a message: its result, or its error. */
export interface RpcReply {
  readonly result?: JsonObject;
  readonly error?: JsonObject;
  readonly headers: ResponseHeaders;
}

/** Sends a message by the way of the operation `like`: to its URL, with its credentials, limits and retries. */
export async function ask(calls: OperationCalls, like: Operation, request: RpcRequest): Promise<RpcReply> {
  const plan: OperationPlan = await calls.plan(operationOf(like, request));
  const options = request.onceMs === undefined ? {} : { timeoutMs: request.onceMs };
  return calls.start(plan, {}, options, calls.firstJob, ({ answer, data }) => {
    const { headers } = answer;
    if (request.notification) return { headers };
    if (!isObject(data) || !(isObject(data.result) || isObject(data.error)))
      throw invalidResponse("The server's answer is no message of JSON-RPC.");
    return {
      headers,
      ...(isObject(data.result) ? { result: data.result } : {}),
      ...(isObject(data.error) ? { error: data.error } : {}),
    };
  });
}

/**
 * Says what needs no answer, also while the runtime closes: without limits, since it only lessens the server's work,
 * and whatever becomes of it.
 */
export async function tell(calls: OperationCalls, like: Operation, request: RpcRequest): Promise<void> {
  const { core } = calls.context;
  const deadline = new Deadline(core.clock, request.onceMs ?? 1);
  core.running.add(deadline);
  try {
    const plan = await calls.plan({ ...operationOf(like, request), limits: [] });
    await execute(new OperationJob(calls.context, plan, new Map(), noOverrides, deadline));
  } catch (thrown) {
    if (!ConnectorError.is(thrown)) throw thrown;
  } finally {
    core.running.remove(deadline);
  }
}

function operationOf(like: Operation, request: RpcRequest): Operation {
  const { method, headers, notification, onceMs, ends } = request;
  const { body: _body, ...exchange } = like.exchange;
  const { tool: _tool, timeout_ms: _timeout, idempotency_header: _key, ...rest } = like;
  return {
    ...rest,
    id: method,
    summary: "A message to the MCP server",
    parameters: [],
    cost: 1,
    errors: [],
    pagination: { kind: "none" },
    retry: onceMs === undefined ? like.retry : { ...like.retry, max_attempts: 1 },
    side_effecting: false,
    destructive: false,
    idempotent: true,
    deprecated: false,
    exchange: {
      ...exchange,
      ...(ends ? { method: "DELETE" } : {}),
      id: `mcp:${method}`,
      headers: [...like.exchange.headers.filter(isConstant).filter(isOfAll), ...headers.map(entryOf)],
      ...(ends ? {} : { body: bodyOf(request) }),
      response: {
        type: notification ? "text" : "json",
        success_status: [{ from: 200, to: 299 }],
        records: { kind: "plain", text: "$", steps: [] },
      },
    },
  };
}

function bodyOf({ method, params, notification, id = 1 }: RpcRequest): Body {
  return {
    content_type: "json",
    media_type: "application/json",
    root: {
      kind: "literal",
      value: { jsonrpc: "2.0", ...(notification ? {} : { id }), method, ...(params ? { params } : {}) },
    },
  };
}

/** `Mcp-Method` and `Mcp-Name` are those of the tool's call. */
function isOfAll({ name }: Entry): boolean {
  return !/^mcp-(?:method|name)$/i.test(name);
}

function entryOf({ name, value }: Pair): Entry {
  return { kind: "template", name, value: { parts: [value] } };
}
