import type { Connection, ConnectOptions, Page, RuntimeOptions } from "../../runtime/index.ts";
import type { BuiltClient } from "./workshop.ts";

/** A call of a built client that can be awaited, or read page by page. */
export interface Listing<One> extends PromiseLike<unknown>, AsyncIterable<One> {
  pages(): AsyncIterable<Page<One>>;
}

/** What every built client has. */
export interface Client {
  readonly connection: Connection;
  close(): Promise<void>;
}

/** The built Jira client, as far as the demo uses it. */
export interface JiraClient extends Client {
  listIssues(
    params: { jql: string },
    options?: { maxPages?: number; cursor?: string },
  ): Listing<{ key: string }>;
  createIssue(params: { project_key: string; summary: string; issue_type: string }): Promise<{ key: string }>;
  getIssue(params: { issue_key: string }): Promise<unknown>;
}

/** The built Securonix client, as far as the demo uses it. */
export interface SecuronixClient extends Client {
  getIncident(params: { incident_id: string }): Listing<{ incidentId: string }>;
  listIncidents(params: { from: number; to: number }): Listing<{ incidentId: string }>;
}

/** Calls the one `create…` function of a built client. */
export function createClient<Made extends Client>(
  built: BuiltClient,
  name: string,
  connect: ConnectOptions,
  runtime: RuntimeOptions,
): Made {
  const create = built.module[`create${name}`];
  if (typeof create !== "function") throw new Error(`the built client has no create${name}`);
  // Built a moment ago and loaded by path: the type checker cannot know it, and the demo's test would fail without it.
  return create(connect, runtime) as Made;
}
