import { ConnectorError } from "../../runtime/index.ts";
import type { TestServer } from "../../runtime/testing/index.ts";
import { createClient, type JiraClient } from "./clients.ts";
import type { Stage } from "./demo.ts";
import { createLoopbackTransport } from "./loopback-transport.ts";
import { counted, seconds } from "./narrator.ts";
import { issueCount, jiraUser, startJira } from "./upstream.ts";

const jql = "project = PROJ ORDER BY created";

/** A 429 and its `Retry-After`, pages by a token, a list that was cut short and goes on, and what errors say. */
export async function playJira({ narrator, clock, built }: Stage): Promise<void> {
  const server = await startJira(clock);
  const transport = createLoopbackTransport(server.origin, clock);
  const client = createClient<JiraClient>(
    built,
    "JiraCloud",
    { credentials: jiraUser, config: { domain: "acme" } },
    { clock, transport },
  );
  try {
    await playRetryAndPages(narrator, client, server);
    await playTruncation(narrator, client);
    await playErrors(narrator, client, server);
  } finally {
    await client.close();
    await transport.close(0);
    await server.close();
  }
}

async function playRetryAndPages(
  narrator: Stage["narrator"],
  client: JiraClient,
  server: TestServer,
): Promise<void> {
  narrator.chapter("Jira Cloud: 429, then pages by a token");
  let pages = 0;
  let records = 0;
  for await (const page of client.listIssues({ jql }).pages()) {
    pages++;
    records += page.records.length;
  }
  const [refused, repeated] = server.requests;
  const waited = (repeated?.at ?? 0) - (refused?.at ?? 0);
  narrator.fact("first request", "429, Retry-After: 2");
  narrator.fact("  sent again", `once, ${seconds(waited)} later`);
  narrator.fact(
    `list_issues of ${issueCount}, 100 on a page`,
    `${counted(pages, "page")}, ${counted(records, "record")}`,
  );
  narrator.fact("requests in all", counted(server.requests.length, "request"));
}

async function playTruncation(narrator: Stage["narrator"], client: JiraClient): Promise<void> {
  narrator.chapter("Jira Cloud: a list is never cut short in silence");
  let records = 0;
  let cursor: string | undefined;
  try {
    for await (const _issue of client.listIssues({ jql }, { maxPages: 1 })) records++;
  } catch (error) {
    if (!ConnectorError.is(error)) throw error;
    cursor = error.cursor;
    narrator.fact(`asked for one page, got ${counted(records, "record")} and the error`, error.code);
  }
  if (cursor === undefined) throw new Error("the list ended without an error");
  for await (const _issue of client.listIssues({ jql }, { cursor })) records++;
  narrator.fact("went on from the error's cursor", `${counted(records, "record")} in all`);
}

async function playErrors(
  narrator: Stage["narrator"],
  client: JiraClient,
  server: TestServer,
): Promise<void> {
  narrator.chapter("Jira Cloud: a write, and what errors say");
  const made = await client.createIssue({ project_key: "PROJ", summary: "Door sticks", issue_type: "Task" });
  narrator.fact("create_issue", made.key);
  const sent = server.requests.length;
  const outcomes = [
    await client.connection.attempt("get_issue", { issue_key: "PROJ-999" }),
    await client.connection.attempt("create_issue", { project_key: "PROJ", sumary: "Door sticks" }),
  ];
  for (const outcome of outcomes) {
    if (outcome.ok) throw new Error("the call was to fail");
    narrator.quote(`${outcome.error.code}: ${outcome.error.message}`);
  }
  narrator.fact("requests sent for these two", counted(server.requests.length - sent, "request"));
}
