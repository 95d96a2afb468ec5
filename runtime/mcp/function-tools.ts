import {
  type CallToolResult,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type Tool,
} from "@modelcontextprotocol/server";
import type { ToolText } from "../../schema/mcp/tool.ts";
import { ConnectorError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import { ConcurrencyLimit } from "./concurrency.ts";
import { RunningCalls } from "./running-calls.ts";
import { asConnectorError, internalFailure, toolFailure } from "./tool-error.ts";
import { failedResult, structuredResult } from "./tool-result.ts";
import type { ToolServer } from "./tool-server.ts";

/** A tool that is a function of the host's. */
export interface FunctionTool {
  readonly text: ToolText;
  /** Answers a structure, or throws a `ConnectorError`, which the client is told. */
  run(
    given: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, unknown>>>;
}

export interface FunctionServerOptions {
  readonly name: string;
  readonly version: string;
  readonly instructions: string;
  readonly tools: readonly FunctionTool[];
  /** After so long a call fails, in milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Hears of what failed and should not have. */
  readonly told: (fault: unknown) => void;
}

/** Calls that wait for the one that runs. */
const mostWaiting = 16;

/** Serves functions as tools, one call at a time. */
export function createFunctionServer(options: FunctionServerOptions): ToolServer {
  const { name, version, instructions, clock } = options;
  const tools = new Map(options.tools.map((tool) => [tool.text.name, tool]));
  const texts = options.tools.map(({ text }) => text);
  // A schema of ours is JSON; the SDK's type for it is narrower in words alone.
  const listed = { tools: texts as readonly ToolText[] as unknown as Tool[] };
  const limit = new ConcurrencyLimit(1, mostWaiting);
  const running = new RunningCalls(clock);
  return {
    tools: texts,
    instructions,
    callable: texts,
    // No operations stand behind them.
    naiveBytes: () => 0,
    writesLeftOut: 0,
    mayAsk: false,
    factory: () => {
      const server = new Server({ name, version }, { capabilities: { tools: {} }, instructions });
      server.setRequestHandler("tools/list", () => listed);
      server.setRequestHandler("tools/call", ({ params }, { mcpReq }) => {
        const tool = tools.get(params.name);
        if (!tool)
          throw new ProtocolError(
            ProtocolErrorCode.InvalidParams,
            `There is no tool ${params.name.slice(0, 100)}.`,
          );
        return running.run(mcpReq.signal, (signal) =>
          limit.run(signal, () => answer(tool, params.arguments ?? {}, options, signal)),
        );
      });
      return server;
    },
    close: () => running.close(),
  };
}

async function answer(
  tool: FunctionTool,
  given: Readonly<Record<string, unknown>>,
  { clock, timeoutMs, told }: FunctionServerOptions,
  outer: AbortSignal,
): Promise<CallToolResult> {
  const controller = new AbortController();
  const abort = (): void => controller.abort(outer.reason);
  outer.addEventListener("abort", abort, { once: true });
  let late = false;
  const timer = clock.timer(timeoutMs, () => {
    late = true;
    controller.abort();
  });
  try {
    return structuredResult(await tool.run(given, controller.signal));
  } catch (thrown) {
    const error = late ? tooLate(timeoutMs) : asConnectorError(thrown);
    if (!error) told(thrown);
    return failedResult(error ? toolFailure(error, undefined, clock.wall()) : internalFailure());
  } finally {
    timer.cancel();
    outer.removeEventListener("abort", abort);
  }
}

function tooLate(timeoutMs: number): ConnectorError {
  return new ConnectorError({
    code: "timeout",
    phase: "request",
    message: `The call took longer than ${timeoutMs / 1000} s and was given up.`,
  });
}
