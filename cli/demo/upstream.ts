import type { Clock } from "../../runtime/index.ts";
import {
  type Handler,
  json,
  pages,
  rateLimited,
  requireBasic,
  sequence,
  startServer,
  status,
  type TestServer,
  type TokenEndpoint,
  tokenEndpoint,
} from "../../runtime/testing/index.ts";

/** Who the demo calls itself; the upstream knows no other. */
export const jiraUser = { email: "ada@example.com", api_token: "demo-jira-token" } as const;
export const securonixUser = { username: "soc-reader", password: "demo-securonix-password" } as const;

/** How many issues and incidents there are. */
export const issueCount = 230;
export const incidentCount = 450;

/** A server that answers as Jira does, as far as the demo asks. Its first search is met with 429. */
export function startJira(clock: Clock): Promise<TestServer> {
  const mine = (inner: Handler): Handler => requireBasic(jiraUser.email, jiraUser.api_token, inner);
  const missing = "Issue does not exist or you do not have permission to see it.";
  return startServer(
    {
      "GET /rest/api/3/myself": mine(() => json({ accountId: "ada", displayName: "Ada", active: true })),
      "GET /rest/api/3/search/jql": mine(sequence(rateLimited(2), searchPages())),
      "GET /rest/api/3/issue/:key": mine(() => status(404, { errorMessages: [missing], errors: {} })),
      "POST /rest/api/3/issue": mine((_request, { origin }) =>
        status(201, { id: "10231", key: "PROJ-231", self: `${origin}/rest/api/3/issue/10231` }),
      ),
    },
    { clock },
  );
}

/** The pages of a search: by a token, without a total, the last one without a token. */
function searchPages(): Handler {
  const issues = Array.from({ length: issueCount }, (_, index) => ({
    id: String(10_001 + index),
    key: `PROJ-${index + 1}`,
    fields: { summary: `Issue ${index + 1}`, status: { name: "To Do" } },
  }));
  const serve = pages(issues, {
    kind: "cursor",
    limitParam: "maxResults",
    placeParam: "nextPageToken",
    itemsKey: "issues",
    nextKey: "nextPageToken",
  });
  return async (request, context) => {
    const reply = await serve(request, context);
    const { nextPageToken, ...page } = Object(reply.json) as { readonly nextPageToken?: unknown };
    return json(
      nextPageToken === null ? { ...page, isLast: true } : { ...page, nextPageToken, isLast: false },
    );
  };
}

/** A server that answers as Securonix and its gateway do: a token for a year, with it a token for an hour. */
export interface Securonix {
  readonly server: TestServer;
  readonly clock: Clock;
  /** The bearer tokens of the gateway. */
  readonly bearer: TokenEndpoint;
}

/** Starts it. */
export async function startSecuronix(clock: Clock): Promise<Securonix> {
  const { username, password } = securonixUser;
  const session = tokenEndpoint({
    clock,
    prefix: "ws",
    ttlSeconds: 365 * 86_400,
    accepts: ({ headers }) => headers.username === username && headers.password === password,
    body: ({ token }) => ({ token }),
  });
  const bearer = tokenEndpoint({
    clock,
    prefix: "bearer",
    ttlSeconds: 3600,
    accepts: ({ headers }) => session.accepts(headers.wstoken ?? ""),
  });
  const server = await startServer(
    {
      "GET /Snypr/ws/token/generate": session.handler,
      "POST /api/v2/oauth/token": bearer.handler,
      "GET /Snypr/ws/incident/get": bearer.protect(({ query }) =>
        query.get("type") === "list" ? incidentPage(query) : json(one(100_001)),
      ),
    },
    { clock },
  );
  return { server, clock, bearer };
}

function incidentPage(query: URLSearchParams): ReturnType<typeof json> {
  const offset = Number(query.get("offset") ?? 0);
  const count = Math.max(0, Math.min(Number(query.get("max") ?? 10), incidentCount - offset));
  const items = Array.from({ length: count }, (_, index) => incident(100_001 + offset + index));
  return json(answer(items, incidentCount));
}

function one(id: number): unknown {
  return answer([incident(id)], 1);
}

function answer(incidentItems: readonly unknown[], totalIncidents: number): unknown {
  return {
    status: "OK",
    messages: ["Get incident list"],
    result: { data: { totalIncidents, incidentItems } },
  };
}

function incident(id: number): unknown {
  return { incidentId: String(id), incidentStatus: "Open", priority: "High", riskscore: 4.2 };
}
