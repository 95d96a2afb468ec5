import {
  type McpServerFactory,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  Server,
  type ServerContext,
  type Tool,
} from "@modelcontextprotocol/server";
import type { ListedTool } from "../../schema/mcp/listing.ts";
import { naiveBytes } from "../../schema/mcp/naive-size.ts";
import type { ToolText } from "../../schema/mcp/tool.ts";
import { systemClock } from "../clock.ts";
import { encodeBytes } from "../crypto/encoding.ts";
import { type Gate, openGate } from "../gate/gate.ts";
import type { Clock, Logger, Random } from "../ports.ts";
import { systemRandom } from "../random.ts";
import { version } from "../version.ts";
import { callerOf } from "./caller.ts";
import { ConcurrencyLimit } from "./concurrency.ts";
import { Consents, consentRound } from "./consent.ts";
import { DiscoverTools } from "./discover.ts";
import { LinkStore } from "./links.ts";
import { listTools } from "./listed.ts";
import { RunningCalls } from "./running-calls.ts";
import { Sealer } from "./seal.ts";
import { type ToolAnswer, ToolRunner } from "./tool-runner.ts";
import {
  collectTools,
  misconfigured,
  type ServedConnector,
  type ServedTool,
  type ToolSelection,
  type ToolSet,
} from "./tool-set.ts";

/** What a tool server is made of; all but the connectors has a default. */
export interface ToolServerOptions {
  readonly connectors: readonly ServedConnector[];
  /** Which tools are served. Default: all that change nothing. */
  readonly select?: ToolSelection;
  /** Serves connectors that offer no tools by themselves. */
  readonly force?: boolean;
  /** Lists three tools (search, describe, call) in place of all. */
  readonly discover?: boolean;
  /** What the server calls itself. Default: of the connector's `mcp_config`. */
  readonly name?: string;
  readonly instructions?: string;
  /** Asked before every tool that changes something. Default: lets everything through. */
  readonly gate?: Gate;
  /** At least 32 bytes that cursors are authenticated with; processes that share it understand each other's. Default: random. */
  readonly key?: Uint8Array;
  /** How long a cursor and a link count, in milliseconds. Default: an hour. */
  readonly lifeMs?: number;
  /** Bytes of one answer as JSON. Default: 48 KiB. */
  readonly maxAnswerBytes?: number;
  /** Bytes that links keep in memory for all callers together. Default: 64 MiB. */
  readonly maxLinkedBytes?: number;
  /** Calls that run at a time. Default: 16. */
  readonly concurrency?: number;
  /** Calls that wait for one of these places. Default: 256. */
  readonly maxWaiting?: number;
  /** Time limit of each call to the API, in milliseconds. Default: the operation's. */
  readonly timeoutMs?: number;
  /** After how long of silence a client that listens hears that its call goes on, in milliseconds. Default: 5 s. */
  readonly progressMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
}

/** Tools of connectors, ready to be served over any transport. */
export interface ToolServer {
  /** As `tools/list` gives them. */
  readonly tools: readonly ListedTool[];
  /** What clients are told of the server's use: the host's words, and what the list leaves to be told once. */
  readonly instructions: string | undefined;
  /** All that can be called, with all that they say: in discovery more tools than are listed. */
  readonly callable: readonly ToolText[];
  /** Bytes that the operations of `callable` would take as tools word by word, with all that their parameters refer to. */
  naiveBytes(): number;
  /** Selected tools that are not served since they change something. */
  readonly writesLeftOut: number;
  /** Whether a call may ask the client's user: a gate stands before a tool that is served. */
  readonly mayAsk: boolean;
  /** Makes a server of the official SDK: one for each connection or request. */
  readonly factory: McpServerFactory;
  /** Refuses new calls, lets running ones finish for up to 10 s, then cancels them. */
  close(): Promise<void>;
}

const defaults = {
  lifeMs: 3_600_000,
  maxAnswerBytes: 48 * 1024,
  maxLinkedBytes: 64 * 1024 * 1024,
  concurrency: 16,
  maxWaiting: 256,
  progressMs: 5000,
};
const leastKeyBytes = 32;
const leastAnswerBytes = 4096;
/** Clients may keep the list so long: it changes only with the server's start. */
const listTtlMs = 300_000;

/**
 * Makes a server of the connectors' tools. Throws a `ConnectorError` (`configuration`) where a connector offers none, where
 * nothing is selected, or where two tools have one name.
 */
export function createToolServer(options: ToolServerOptions): ToolServer {
  const set = collectTools(options.connectors, options.select ?? {}, {
    force: options.force ?? false,
    // What is asked for one at a time may say all.
    whole: options.discover ?? false,
  });
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const lifeMs = options.lifeMs ?? defaults.lifeMs;
  const links = new LinkStore(clock, random, lifeMs, options.maxLinkedBytes ?? defaults.maxLinkedBytes);
  const sealer = new Sealer(keyOf(options, random), clock, lifeMs);
  const runner = new ToolRunner({
    sealer,
    consents: new Consents(sealer, clock, random, lifeMs),
    links,
    limit: new ConcurrencyLimit(
      options.concurrency ?? defaults.concurrency,
      options.maxWaiting ?? defaults.maxWaiting,
    ),
    gate: options.gate ?? openGate,
    clock,
    logger: options.logger,
    maxAnswerBytes: answerBytes(options.maxAnswerBytes ?? defaults.maxAnswerBytes),
    timeoutMs: options.timeoutMs,
    progressMs: options.progressMs ?? defaults.progressMs,
  });
  const running = new RunningCalls(clock);
  const discover = options.discover ? new DiscoverTools(set, runner) : undefined;
  const callable = [...set.tools.values()].map(({ text }) => text);
  const { tools, instructions } = discover
    ? { tools: discover.texts, instructions: options.instructions }
    : listTools(set.tools.values(), options.instructions);
  // A schema of ours is JSON; the SDK's type for it is narrower in words alone.
  const listed = { tools: tools as readonly ListedTool[] as unknown as Tool[] };
  // A tool of another server may answer with bytes, whatever it says of itself.
  const hasBytes = [...set.tools.values()].some(
    ({ definition, connector }) => definition.answer === "bytes" || connector.upstream !== undefined,
  );
  const identity = identityOf(options, set);

  const factory: McpServerFactory = () => {
    const server = new Server(identity, {
      capabilities: { tools: {}, ...(hasBytes ? { resources: {} } : {}) },
      ...(instructions === undefined ? {} : { instructions }),
      cacheHints: { "tools/list": { ttlMs: listTtlMs, cacheScope: "public" } },
    });
    server.setRequestHandler("tools/list", () => listed);
    server.setRequestHandler("tools/call", ({ params }, context) =>
      running.run(context.mcpReq.signal, (signal) =>
        callTool(params.name, params.arguments ?? {}, { ...set, runner, discover, server }, context, signal),
      ),
    );
    if (hasBytes) serveLinks(server, links);
    return server;
  };
  return {
    tools,
    instructions,
    callable,
    naiveBytes: () => sum(set),
    writesLeftOut: set.writesLeftOut,
    mayAsk: options.gate !== undefined && [...set.tools.values()].some(changesSomething),
    factory,
    close: () => running.close(),
  };
}

function changesSomething({ definition }: ServedTool): boolean {
  return definition.operation.side_effecting;
}

function sum({ tools }: ToolSet): number {
  let bytes = 0;
  for (const { definition, connector } of tools.values())
    bytes += naiveBytes(definition.operation, connector.schemas);
  return bytes;
}

interface Callable extends ToolSet {
  readonly runner: ToolRunner;
  readonly discover: DiscoverTools | undefined;
  readonly server: Server;
}

/** Of `_meta`: the idempotency key of a call that changes something. */
const keyOfMeta = "connectorc/idempotency-key";

async function callTool(
  name: string,
  given: Readonly<Record<string, unknown>>,
  { tools, runner, discover, server }: Callable,
  context: ServerContext,
  signal: AbortSignal,
): Promise<ToolAnswer> {
  const consent = consentRound(context, server);
  const key = context.mcpReq._meta?.[keyOfMeta];
  if (key !== undefined && (typeof key !== "string" || !/^[\x21-\x7e]{1,255}$/.test(key)))
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `_meta["${keyOfMeta}"] must be 1 to 255 printable ASCII characters without blanks.`,
    );
  const token = context.mcpReq._meta?.progressToken;
  const call = {
    caller: callerOf(context.http?.authInfo),
    signal,
    ...(consent ? { consent } : {}),
    ...(key === undefined ? {} : { idempotencyKey: key }),
    sendProgress:
      token === undefined
        ? undefined
        : (params: { readonly progress: number; readonly message: string }) =>
            context.mcpReq.notify({
              method: "notifications/progress",
              params: { ...params, progressToken: token },
            }),
  };
  const tool = discover ? undefined : tools.get(name);
  const result = discover ? discover.run(name, given, call) : tool && runner.run(tool, given, call);
  if (!result)
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool ${name.slice(0, 100)}.`);
  return result;
}

/** Bytes of answers, read by their link; nobody sees those of another tenant. */
function serveLinks(server: Server, links: LinkStore): void {
  server.setRequestHandler("resources/list", (_request, { http }) => ({
    resources: links
      .list(callerOf(http?.authInfo).tenant)
      .map(({ uri, name, mimeType, bytes }) => ({ uri, name, mimeType, size: bytes.length })),
  }));
  server.setRequestHandler("resources/templates/list", () => ({ resourceTemplates: [] }));
  server.setRequestHandler("resources/read", ({ params }, { http }) => {
    const found = links.get(callerOf(http?.authInfo).tenant, params.uri);
    if (!found) throw new ResourceNotFoundError(params.uri);
    const { uri, mimeType, bytes } = found;
    return { contents: [{ uri, mimeType, blob: encodeBytes(bytes, "base64") }] };
  });
}

function identityOf({ name }: ToolServerOptions, { tools }: ToolSet): { name: string; version: string } {
  const connectors = [...new Set([...tools.values()].map(({ connector }) => connector))];
  const [only, other] = connectors;
  if (!only || other) return { name: name ?? "connectorc", version };
  return { name: name ?? only.mcp?.server_name ?? only.slug, version: only.version };
}

function keyOf({ key }: ToolServerOptions, random: Random): Uint8Array {
  if (key && key.length < leastKeyBytes)
    throw misconfigured(`\`key\` has ${key.length} bytes; give at least ${leastKeyBytes} random ones.`);
  return key ?? random.bytes(leastKeyBytes);
}

function answerBytes(bytes: number): number {
  if (bytes >= leastAnswerBytes) return bytes;
  throw misconfigured(`\`maxAnswerBytes\` is ${bytes}; an answer takes at least ${leastAnswerBytes}.`);
}
