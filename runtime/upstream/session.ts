/** What was agreed with an MCP server, and what it offers. */
import type { Operation } from "../../schema/ir.ts";
import {
  type ForeignTool,
  lockedText,
  type MirroredArgument,
  mirroredArguments,
  readForeignTool,
} from "../../schema/mcp/upstream-tool.ts";
import type { OperationCalls } from "../call/operation-calls.ts";
import { encodeBytes } from "../crypto/encoding.ts";
import { hash } from "../crypto/hash.ts";
import { ConnectorError } from "../errors.ts";
import type { BodyOverride } from "../request/body.ts";
import type { Pair } from "../request/styles.ts";
import { clientInfo, requestMeta, sessionRevisions, statelessRevision } from "./protocol.ts";
import { ask, tell } from "./rpc.ts";

/** The longest list that is read, in pages and in tools; a server that goes on is at fault. */
const mostPages = 1_000;
const mostTools = 10_000;
/** A server without answer to what it does not know is asked no longer than this, in milliseconds. */
const probeMs = 10_000;
/** What is said last is waited for no longer than this, in milliseconds. */
const farewellMs = 2_000;

/** What every message says under this agreement. */
export interface Agreement {
  readonly revision: string;
  /** Of a server with sessions that gave one. */
  readonly id: string | undefined;
  /** The id of the next request of the session; 1 where each request has an exchange of its own, and no other meaning. */
  nextId(): number;
}

/** A tool of the list, ready to be held against a lock and called. */
export interface ListedTool {
  readonly tool: ForeignTool;
  readonly hash: string;
  readonly mirrored: readonly MirroredArgument[];
}

/** `legacy`: the server is known to have a handshake. */
export async function agree(calls: OperationCalls, like: Operation, legacy: boolean): Promise<Agreement> {
  if (!legacy && (await isStateless(calls, like)))
    return { revision: statelessRevision, id: undefined, nextId: one };
  return shakeHands(calls, like);
}

/** Header lines of a message under an agreement. */
export function agreedHeaders(
  { revision, id }: Pick<Agreement, "revision" | "id">,
  method: string,
): readonly Pair[] {
  const protocol = { name: "mcp-protocol-version", value: revision };
  if (revision === statelessRevision) return [protocol, { name: "mcp-method", value: method }];
  return id === undefined ? [protocol] : [protocol, { name: "mcp-session-id", value: id }];
}

/** What the body of a request says besides, under an agreement. */
export function agreedBody({ revision }: Pick<Agreement, "revision">): readonly BodyOverride[] {
  return revision === statelessRevision ? [{ path: ["params", "_meta"], value: requestMeta }] : [];
}

/** The probe of the stateless revision (MCP 2026-07-28, Versioning): whatever an older server makes of it is a no. */
async function isStateless(calls: OperationCalls, like: Operation): Promise<boolean> {
  const isLocal = isStdio(like);
  try {
    const { result } = await ask(calls, like, {
      method: "server/discover",
      params: { _meta: requestMeta },
      headers: agreedHeaders({ revision: statelessRevision, id: undefined }, "server/discover"),
      onceMs: probeMs,
    });
    const versions = result?.supportedVersions;
    return Array.isArray(versions) && versions.includes(statelessRevision);
  } catch (thrown) {
    if (!ConnectorError.is(thrown)) throw thrown;
    // Some older servers end at the first message that is no handshake, others say nothing.
    if (isLocal && (thrown.code === "network_error" || thrown.code === "deadline_exceeded")) return false;
    if (thrown.status !== undefined && !isVerdict(thrown.status)) return false;
    throw thrown;
  }
}

/** Statuses that say something of the caller, not of the message. */
function isVerdict(status: number): boolean {
  return status < 300 || status === 401 || status === 403 || status === 429;
}

/** MCP 2025-11-25, Lifecycle. */
async function shakeHands(calls: OperationCalls, like: Operation): Promise<Agreement> {
  const [newest = ""] = sessionRevisions;
  const { result, error, headers } = await ask(calls, like, {
    method: "initialize",
    params: { protocolVersion: newest, capabilities: {}, clientInfo },
    headers: [],
  });
  if (error || !result) throw refused("the MCP server refused the handshake");
  const revision = result.protocolVersion;
  if (typeof revision !== "string" || !sessionRevisions.includes(revision))
    throw refused("the MCP server speaks no revision of the protocol that this runtime knows");
  const given = headers.get("mcp-session-id");
  // Visible ASCII, by the same revision: anything else could not be sent back.
  const id = given !== undefined && /^[\x21-\x7e]{1,1024}$/.test(given) ? given : undefined;
  let last = 1;
  // The carrier of a process numbers its messages itself.
  const agreement = { revision, id, nextId: isStdio(like) ? one : () => ++last };
  await ask(calls, like, {
    method: "notifications/initialized",
    headers: agreedHeaders(agreement, ""),
    notification: true,
  });
  return agreement;
}

/** The answer to a request of a session is no longer wanted (MCP 2025-11-25, Cancellation): there a closed connection says nothing. */
export async function cancelRequest(
  calls: OperationCalls,
  like: Operation,
  agreement: Agreement,
  id: number,
): Promise<void> {
  await tell(calls, like, {
    method: "notifications/cancelled",
    params: { requestId: id, reason: "The caller gave it up." },
    headers: agreedHeaders(agreement, ""),
    notification: true,
    onceMs: farewellMs,
  });
}

/** A session that nobody needs is ended (MCP 2025-11-25, Session Management). A process knows by the end of its input. */
export async function endSession(
  calls: OperationCalls,
  like: Operation,
  agreement: Agreement,
): Promise<void> {
  if (agreement.id === undefined || isStdio(like)) return;
  const headers = agreedHeaders(agreement, "");
  await tell(calls, like, { method: "DELETE", headers, ends: true, notification: true, onceMs: farewellMs });
}

function one(): number {
  return 1;
}

/** All tools that the server offers now, by name. */
export async function listTools(
  calls: OperationCalls,
  like: Operation,
  agreement: Agreement,
): Promise<ReadonlyMap<string, ListedTool>> {
  const tools = new Map<string, ListedTool>();
  const seen = new Set<string>();
  const meta = agreement.revision === statelessRevision ? { _meta: requestMeta } : {};
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const { result, error } = await ask(calls, like, {
      method: "tools/list",
      params: { ...meta, ...(cursor === undefined ? {} : { cursor }) },
      headers: agreedHeaders(agreement, "tools/list"),
      id: agreement.nextId(),
    });
    if (error || !Array.isArray(result?.tools)) throw refused("the MCP server does not list its tools");
    for (const entry of result.tools) add(tools, entry);
    const next = result.nextCursor;
    if (typeof next !== "string" || next === "") return tools;
    if (seen.has(next) || tools.size > mostTools) break;
    seen.add(next);
    cursor = next;
  }
  throw refused("the MCP server's list of tools does not end");
}

/** Of two tools of one name nobody can say which is called: neither is. */
function add(tools: Map<string, ListedTool>, entry: unknown): void {
  const tool = readForeignTool(entry);
  if (!tool) return;
  const known = tools.get(tool.name);
  const sum = known ? "twice" : `sha256:${encodeBytes(hash("sha256", lockedText(tool)), "hex")}`;
  tools.set(tool.name, { tool, hash: sum, mirrored: mirroredArguments(tool.inputSchema) });
}

export function isStdio({ exchange }: Operation): boolean {
  const { origin } = exchange.url;
  return origin.kind === "literal" && origin.origin.startsWith("stdio://");
}

function refused(what: string): ConnectorError {
  return new ConnectorError({
    code: "upstream_error",
    phase: "response",
    message: `${what}. Check its address, and that it is an MCP server.`,
  });
}
