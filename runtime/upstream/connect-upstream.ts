/** The MCP server behind a connection. */
import type { Connector } from "../../schema/ir.ts";
import type { Job } from "../call/job.ts";
import type { OperationCalls } from "../call/operation-calls.ts";
import type { OperationPlan } from "../call/operation-plan.ts";
import type { ConnectOptions } from "../connection/connect-options.ts";
import type { Core } from "../core.ts";
import type { CredentialHolder } from "../credentials/holder.ts";
import { ConnectorError } from "../errors.ts";
import type { Clock, Transport } from "../ports.ts";
import type { Overrides } from "../request/plan.ts";
import { StdioServers } from "../transport/stdio-server.ts";
import { UpstreamTransport } from "../transport/upstream-transport.ts";
import { type Agreement, agree, isStdio, type ListedTool, listTools } from "./session.ts";
import { ToolJob, toolOverrides } from "./tool-job.ts";
import type { ToolCall, Upstream, UpstreamTool } from "./upstream.ts";

/** How long a list of tools is taken for what the server offers, in milliseconds. */
const listLifeMs = 300_000;

/** The upstream of a connection and the transport that reaches it; undefined where its operations are no tools. */
export function connectUpstream(
  core: Core,
  { upstream }: Connector,
  { mcpServers = {} }: ConnectOptions,
): { readonly upstream: Upstream; readonly transport: Transport } | undefined {
  if (!upstream) return undefined;
  if (upstream.kind === "stdio" && !Object.hasOwn(mcpServers, upstream.server))
    throw new ConnectorError({
      code: "configuration",
      phase: "configuration",
      message: `The connector calls the MCP server ${JSON.stringify(upstream.server)}, and nothing says how it is started. Give \`mcpServers: { ${upstream.server}: { command } }\`.`,
      details: { server: upstream.server },
    });
  const own = new UpstreamServer(core.clock);
  // Only the one that is named: what the host keeps for others is none of this connector's business.
  const named =
    upstream.kind === "stdio" ? { [upstream.server]: mcpServers[upstream.server] ?? { command: "" } } : {};
  const servers = new StdioServers(named, core.clock, () => own.listChanged());
  const transport = new UpstreamTransport(core.transport, servers, core.clock);
  core.opened.add(() => transport.close());
  return { upstream: own, transport };
}

interface Session {
  readonly agreement: Agreement;
  readonly tools: ReadonlyMap<string, ListedTool>;
  /** clock.now() milliseconds. */
  readonly listedAt: number;
}

/** One session for each profile: what one may see another may not. Opened when first called, anew where the server forgot it. */
class UpstreamServer implements Upstream {
  readonly #clock: Clock;
  readonly #sessions = new Map<CredentialHolder, Promise<Session>>();
  #legacy = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async job(calls: OperationCalls, call: ToolCall): Promise<Job> {
    const { plan, deadline } = call;
    const session = await deadline.race(this.#session(calls, plan));
    const listed = reviewed(plan, session);
    const { agreement } = session;
    const reopen = async (): Promise<Overrides> => {
      await this.#forget(plan.holder, agreement);
      const next = await this.#session(calls, plan);
      return toolOverrides(call, next.agreement, reviewed(plan, next));
    };
    return new ToolJob(
      call,
      toolOverrides(call, agreement, listed),
      agreement.id === undefined ? undefined : reopen,
    );
  }

  async tools(calls: OperationCalls, plan: OperationPlan): Promise<readonly UpstreamTool[]> {
    const { tools } = await this.#session(calls, plan);
    return [...tools.values()].map(({ tool, hash }) => ({ ...tool, hash }));
  }

  /** What was agreed stays; what the server offers is asked for again. */
  listChanged(): void {
    for (const [holder, opening] of this.#sessions)
      this.#keep(
        holder,
        opening.then((session) => ({ ...session, listedAt: Number.NEGATIVE_INFINITY })),
      );
  }

  /** Whoever comes while it is opened waits for the same one; one that failed is not kept. */
  #session(calls: OperationCalls, plan: OperationPlan): Promise<Session> {
    const { holder } = plan;
    const known = this.#sessions.get(holder);
    const opening = known
      ? known.then((session) => (this.#isOld(session) ? this.#listed(calls, plan, session, known) : session))
      : this.#open(calls, plan);
    if (known) return opening;
    this.#keep(holder, opening);
    return opening;
  }

  /** Many calls may find the session gone: the first forgets it, the others take what is opened then. */
  async #forget(holder: CredentialHolder, agreement: Agreement): Promise<void> {
    const kept = this.#sessions.get(holder);
    const session = await kept?.catch(() => undefined);
    if (session?.agreement === agreement && this.#sessions.get(holder) === kept)
      this.#sessions.delete(holder);
  }

  #keep(holder: CredentialHolder, opening: Promise<Session>): void {
    this.#sessions.set(holder, opening);
    opening.catch(() => {
      if (this.#sessions.get(holder) === opening) this.#sessions.delete(holder);
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
    const { holder } = plan;
    const current = this.#sessions.get(holder);
    if (current !== undefined && current !== old) return current;
    const opening = this.#list(calls, plan, session.agreement).catch((thrown: unknown) => {
      // A session that is gone is opened anew; any other failure is the call's.
      if (ConnectorError.is(thrown) && thrown.status === 404) return this.#open(calls, plan);
      throw thrown;
    });
    this.#keep(holder, opening);
    return opening;
  }

  async #open(calls: OperationCalls, plan: OperationPlan): Promise<Session> {
    const agreement = await agree(calls, plan.operation, this.#legacy);
    this.#legacy = agreement.id !== undefined && isStdio(plan.operation);
    return this.#list(calls, plan, agreement);
  }

  async #list(calls: OperationCalls, plan: OperationPlan, agreement: Agreement): Promise<Session> {
    const tools = await listTools(calls, plan.operation, agreement);
    return { agreement, tools, listedAt: this.#clock.now() };
  }
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
