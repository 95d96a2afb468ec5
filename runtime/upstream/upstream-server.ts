/** One MCP server as one account reaches it: its sessions, what it offers, and its process where the host starts one. */
import type { Job } from "../call/job.ts";
import type { OperationCalls } from "../call/operation-calls.ts";
import type { OperationPlan } from "../call/operation-plan.ts";
import type { Core } from "../core.ts";
import { ConnectorError } from "../errors.ts";
import type { Clock, Transport } from "../ports.ts";
import type { Overrides } from "../request/plan.ts";
import { type ServerCommand, StdioServers } from "../transport/stdio-server.ts";
import { UpstreamTransport } from "../transport/upstream-transport.ts";
import { type Agreement, agree, endSession, isStdio, type ListedTool, listTools } from "./session.ts";
import { ToolJob, toolOverrides } from "./tool-job.ts";
import type { KeptUpstream, ToolCall, Upstream, UpstreamTool } from "./upstream.ts";

/** How long a list of tools is taken for what the server offers, in milliseconds. */
const listLifeMs = 300_000;

interface Session {
  readonly agreement: Agreement;
  readonly tools: ReadonlyMap<string, ListedTool>;
  /** clock.now() milliseconds. */
  readonly listedAt: number;
  /** Ends it at the server. */
  readonly end: () => Promise<void>;
}

/** One session for each profile: what one may see another may not. Opened when first called, anew where the server forgot it. */
export class UpstreamServer implements Upstream, KeptUpstream {
  readonly transport: Transport;
  readonly #clock: Clock;
  readonly #servers: StdioServers;
  readonly #used: (upstream: KeptUpstream, until: number) => void;
  /** By profile; "" for none. */
  readonly #sessions = new Map<string, Promise<Session>>();
  #legacy = false;

  /** `used` hears of each call, and until when it runs at most. */
  constructor(
    { clock, transport }: Core,
    commands: Readonly<Record<string, ServerCommand>>,
    used: (upstream: KeptUpstream, until: number) => void,
  ) {
    const changed = (): void => this.#listChanged();
    this.#clock = clock;
    this.#used = used;
    this.#servers = new StdioServers(commands, clock, changed);
    this.transport = new UpstreamTransport(transport, this.#servers, clock, changed);
  }

  get upstream(): Upstream {
    return this;
  }

  async job(calls: OperationCalls, call: ToolCall): Promise<Job> {
    const { plan, deadline } = call;
    this.#used(this, deadline.at);
    const session = await deadline.race(this.#session(calls, plan));
    const listed = reviewed(plan, session);
    const { agreement } = session;
    const reopen = async (): Promise<{ readonly agreement: Agreement; readonly overrides: Overrides }> => {
      await this.#forget(plan, agreement);
      const next = await this.#session(calls, plan);
      return {
        agreement: next.agreement,
        overrides: toolOverrides(call, next.agreement, reviewed(plan, next)),
      };
    };
    return new ToolJob(calls, call, agreement, toolOverrides(call, agreement, listed), reopen);
  }

  async tools(calls: OperationCalls, plan: OperationPlan): Promise<readonly UpstreamTool[]> {
    this.#used(this, 0);
    const { tools } = await this.#session(calls, plan);
    return [...tools.values()].map(({ tool, hash }) => ({ ...tool, hash }));
  }

  /** Ends its sessions; what is called later opens them anew. A process ends by itself where nobody calls it. */
  async rest(): Promise<void> {
    const open = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.allSettled(open.map(async (session) => (await session).end()));
  }

  async close(): Promise<void> {
    await Promise.all([this.rest(), this.#servers.close()]);
  }

  /** What was agreed stays; what the server offers is asked for again. */
  #listChanged(): void {
    for (const [profile, opening] of this.#sessions)
      this.#keep(
        profile,
        opening.then((session) => ({ ...session, listedAt: Number.NEGATIVE_INFINITY })),
      );
  }

  /** Whoever comes while it is opened waits for the same one; one that failed is not kept. */
  #session(calls: OperationCalls, plan: OperationPlan): Promise<Session> {
    const known = this.#sessions.get(profileOf(plan));
    const opening = known
      ? known.then((session) => (this.#isOld(session) ? this.#listed(calls, plan, session, known) : session))
      : this.#open(calls, plan);
    if (known) return opening;
    this.#keep(profileOf(plan), opening);
    return opening;
  }

  /** Many calls may find the session gone: the first forgets it, the others take what is opened then. */
  async #forget(plan: OperationPlan, agreement: Agreement): Promise<void> {
    const profile = profileOf(plan);
    const kept = this.#sessions.get(profile);
    const session = await kept?.catch(() => undefined);
    if (session?.agreement === agreement && this.#sessions.get(profile) === kept)
      this.#sessions.delete(profile);
  }

  #keep(profile: string, opening: Promise<Session>): void {
    this.#sessions.set(profile, opening);
    opening.catch(() => {
      if (this.#sessions.get(profile) === opening) this.#sessions.delete(profile);
    });
  }

  #isOld({ listedAt }: Session): boolean {
    return this.#clock.now() - listedAt >= listLifeMs;
  }

  /** The first that finds the list old asks; the others wait for its answer. */
  #listed(
    calls: OperationCalls,
    plan: OperationPlan,
    session: Session,
    old: Promise<Session>,
  ): Promise<Session> {
    const profile = profileOf(plan);
    const current = this.#sessions.get(profile);
    if (current !== undefined && current !== old) return current;
    const opening = this.#list(calls, plan, session.agreement).catch((thrown: unknown) => {
      // A session that is gone is opened anew; any other failure is the call's.
      if (ConnectorError.is(thrown) && thrown.status === 404) return this.#open(calls, plan);
      throw thrown;
    });
    this.#keep(profile, opening);
    return opening;
  }

  async #open(calls: OperationCalls, plan: OperationPlan): Promise<Session> {
    const agreement = await agree(calls, plan.operation, this.#legacy);
    this.#legacy = agreement.id !== undefined && isStdio(plan.operation);
    return this.#list(calls, plan, agreement);
  }

  async #list(calls: OperationCalls, plan: OperationPlan, agreement: Agreement): Promise<Session> {
    const { operation } = plan;
    const tools = await listTools(calls, operation, agreement);
    const end = (): Promise<void> => endSession(calls, operation, agreement);
    return { agreement, tools, listedAt: this.#clock.now(), end };
  }
}

function profileOf({ profile = "" }: OperationPlan): string {
  return profile;
}

/** The tool as the server offers it now. Throws where that is not what somebody reviewed. */
function reviewed({ operation }: OperationPlan, { tools }: Session): ListedTool {
  const { name = "", hash } = operation.tool ?? {};
  const listed = tools.get(name);
  if (!listed)
    throw unlike(name, "the server does not offer the tool", "Import its tools anew.", { tool: name });
  if (listed.hash !== hash)
    throw unlike(
      name,
      "the server's texts or schemas are not those that the descriptor was reviewed with, for the tool",
      "Look at what changed, and import its tools anew.",
      { tool: name, found: listed.hash },
    );
  return listed;
}

function unlike(
  name: string,
  what: string,
  next: string,
  details: Readonly<Record<string, string>>,
): ConnectorError {
  return new ConnectorError({
    code: "policy_denied",
    phase: "configuration",
    message: `${what} ${JSON.stringify(name)}. ${next}`,
    details,
  });
}
