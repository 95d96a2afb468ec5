import {
  type AuthInfo,
  isInitializeRequest,
  isLegacyRequest,
  type McpServerFactory,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import type { Clock } from "../ports.ts";
import { callerOf } from "./caller.ts";
import { canShowForms } from "./consent.ts";

/** The sessions of an endpoint. */
export interface SessionOptions {
  readonly factory: McpServerFactory;
  readonly clock: Clock;
  /** Sessions in all; one caller has a sixteenth of them at most. */
  readonly most: number;
  /** How long a session that nothing is asked of and that no stream is open of stays, in milliseconds. */
  readonly idleMs: number;
  /** Hears of faults that no answer tells. */
  readonly told: (fault: Error) => void;
}

interface Session {
  readonly id: string;
  /** Whose requests it takes: the id alone proves nothing. */
  readonly owner: string;
  readonly server: { close(): Promise<void> };
  readonly transport: WebStandardStreamableHTTPServerTransport;
  /** Requests and streams that are open. */
  open: number;
  lastUse: number;
}

const header = "mcp-session-id";
const callersShare = 16;

/**
 * Sessions for clients of the revision 2025-11-25 that can ask their users (Streamable HTTP, Session Management): a question
 * goes out in the stream of one request and is answered by another, so both must meet in one place. All others need none.
 */
export class ClientSessions {
  readonly #options: SessionOptions;
  /** In the order of their last use. */
  readonly #sessions = new Map<string, Session>();

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** The answer to a request that belongs to a session or begins one; undefined for any other. */
  async serve(request: Request, authInfo: AuthInfo | undefined): Promise<Response | undefined> {
    this.#endIdle();
    // Only requests of 2026-07-28 have this header; they say all by themselves.
    if (request.headers.has("mcp-method")) return undefined;
    const owner = ownerOf(authInfo);
    const id = request.headers.get(header);
    if (id !== null) {
      const session = this.#sessions.get(id);
      return session?.owner === owner ? this.#handle(session, request, authInfo) : sessionNotFound();
    }
    if (!(await beginsSession(request)) || !this.#makeRoom(owner)) return undefined;
    return this.#handle(await this.#begin(owner, request, authInfo), request, authInfo);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((session) => this.#end(session)));
  }

  async #begin(owner: string, request: Request, authInfo: AuthInfo | undefined): Promise<Session> {
    const { factory, clock, told } = this.#options;
    const server = await factory({
      era: "legacy",
      requestInfo: request,
      ...(authInfo === undefined ? {} : { authInfo }),
    });
    const id = crypto.randomUUID();
    const transport = new WebStandardStreamableHTTPServerTransport({ sessionIdGenerator: () => id });
    transport.onerror = told;
    await server.connect(transport);
    const session: Session = { id, owner, server, transport, open: 0, lastUse: clock.now() };
    this.#sessions.set(id, session);
    const closed = transport.onclose;
    transport.onclose = () => {
      this.#sessions.delete(id);
      closed?.();
    };
    return session;
  }

  async #handle(session: Session, request: Request, authInfo: AuthInfo | undefined): Promise<Response> {
    session.open += 1;
    let isOpen = true;
    const done = (): void => {
      if (!isOpen) return;
      isOpen = false;
      session.open -= 1;
      this.#used(session);
    };
    this.#used(session);
    try {
      const options = authInfo === undefined ? {} : { authInfo };
      const response = await session.transport.handleRequest(request, options);
      // A first request that was refused leaves nothing behind.
      if (session.transport.sessionId === undefined) await this.#end(session);
      const isStream = request.method === "GET" && response.ok;
      return watched(response, done, isStream ? streamOpen : undefined);
    } catch (thrown) {
      done();
      throw thrown;
    }
  }

  #used(session: Session): void {
    session.lastUse = this.#options.clock.now();
    if (this.#sessions.delete(session.id)) this.#sessions.set(session.id, session);
  }

  async #end(session: Session): Promise<void> {
    this.#sessions.delete(session.id);
    await session.server.close();
  }

  #endIdle(): void {
    const { clock, idleMs, told } = this.#options;
    const since = clock.now() - idleMs;
    for (const session of this.#sessions.values()) {
      if (session.lastUse > since) return;
      if (session.open === 0) this.#end(session).catch(told);
    }
  }

  /** Whether there is a place: the caller's own session that idles longest makes room, and so does anyone's where all is full. */
  #makeRoom(owner: string): boolean {
    const { most, told } = this.#options;
    const all = [...this.#sessions.values()];
    const own = all.filter((session) => session.owner === owner);
    const crowd = own.length >= Math.ceil(most / callersShare) ? own : all;
    if (crowd === all && all.length < most) return true;
    const idle = crowd.find(({ open }) => open === 0);
    if (!idle) return false;
    this.#end(idle).catch(told);
    return true;
  }
}

function ownerOf(authInfo: AuthInfo | undefined): string {
  const { tenant, clientId } = callerOf(authInfo);
  return JSON.stringify([tenant, clientId]);
}

/** An `initialize` of a client that has forms for its user. */
async function beginsSession(request: Request): Promise<boolean> {
  if (request.method !== "POST" || !(await isLegacyRequest(request))) return false;
  // Judged above: its body is bounded. What is no JSON is for the endpoint to refuse.
  const body: unknown = await request
    .clone()
    .json()
    .catch(() => undefined);
  return isInitializeRequest(body) && canShowForms(body.params.capabilities);
}

/** As the SDK's transport answers (Streamable HTTP: a session that ended is 404, and the client begins anew). */
function sessionNotFound(): Response {
  return Response.json(
    { jsonrpc: "2.0", id: null, error: { code: -32001, message: "Session not found" } },
    { status: 404 },
  );
}

/** A comment, which ends nowhere: without a first byte Node keeps the head of the answer back. */
const streamOpen = new TextEncoder().encode(": open\n\n");

/** The response, with word of when its body has ended or nobody reads it any more; `first` goes before its body. */
function watched(response: Response, done: () => void, first?: Uint8Array): Response {
  if (!response.body) {
    done();
    return response;
  }
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      if (first) controller.enqueue(first);
    },
    pull: async (controller) => {
      try {
        const { done: ended, value } = await reader.read();
        if (!ended) return controller.enqueue(value);
        controller.close();
      } catch (fault) {
        controller.error(fault);
      }
      done();
    },
    cancel: (reason) => {
      done();
      return reader.cancel(reason);
    },
  });
  return new Response(body, { status: response.status, headers: response.headers });
}
