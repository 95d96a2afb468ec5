/** What the shipped descriptors say beyond requests: limits, refusals, retries, and where credentials may go. */
import { describe, expect, it } from "vitest";
import { json, sequence, status, type TestServer, text } from "../../runtime/testing/index.ts";
import { createStage } from "./stage.ts";

const { start, run } = createStage();

const repository = { owner: "octocat", repo: "hello-world" };
const get = "GET /repos/:owner/:repo";
const found = json({ id: 1, name: "hello-world", full_name: "octocat/hello-world" });

describe("github", () => {
  it("takes a 403 without requests left for the limit that it is, and says when to come back", async () => {
    const reset = String(1_767_225_600 + 600);
    const { connection, server } = await start("github", {
      [get]: status(
        403,
        { message: "API rate limit exceeded" },
        { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset },
      ),
    });
    await expect(run(connection.call("get_repository", repository))).rejects.toMatchObject({
      code: "rate_limited",
    });
    expect(server.requests).toHaveLength(1);
    // The next call knows without asking.
    await expect(connection.call("get_repository", repository)).rejects.toMatchObject({
      code: "rate_limited",
      retryAt: expect.closeTo(Number(reset) * 1000, -4),
    });
    expect(server.requests).toHaveLength(1);
  });

  it("waits out a secondary limit", async () => {
    const { connection, server } = await start("github", {
      [get]: sequence(status(403, { message: "secondary rate limit" }, { "retry-after": "5" }), found),
    });
    expect(await run(connection.call("get_repository", repository))).toMatchObject({
      attempts: 2,
      data: { id: 1 },
    });
    expect((server.requests[1]?.at ?? 0) - (server.requests[0]?.at ?? 0)).toBeGreaterThanOrEqual(5_000);
  });

  it("takes any other 403 for a missing right", async () => {
    const { connection, server } = await start("github", {
      [get]: status(403, { message: "Resource not accessible" }),
    });
    await expect(connection.call("get_repository", repository)).rejects.toMatchObject({
      code: "permission_denied",
      message: expect.stringContaining("Resource not accessible"),
    });
    expect(server.requests).toHaveLength(1);
  });

  it("follows no next page to another host", async () => {
    const { connection, server } = await start("github", {
      "GET /user/repos": json([{ id: 1, name: "a", full_name: "o/a" }], {
        headers: { link: '<https://api.github.com.evil.example/user/repos?page=2>; rel="next"' },
      }),
    });
    const read = async (): Promise<void> => {
      for await (const _record of connection.records("list_repositories"));
    };
    await expect(read()).rejects.toMatchObject({ code: "destination_blocked" });
    expect(server.requests).toHaveLength(1);
  });
});

describe("securonix", () => {
  const steps = {
    "GET /Snypr/ws/token/generate": json({ token: "ws-1" }),
    "POST /api/v2/oauth/token": sequence(
      json({ access_token: "bearer-a", expires_in: 3600 }),
      json({ access_token: "bearer-b", expires_in: 3600 }),
    ),
  };
  const watchlists = "GET /Snypr/ws/incident/listWatchlist";

  it("renews the last step alone where a token is refused with 403, and repeats the call once", async () => {
    const { connection, server } = await start("securonix", {
      ...steps,
      [watchlists]: ({ headers }) =>
        headers.authorization === "Bearer bearer-b" ? json({ result: ["vip"] }) : status(403),
    });
    expect(await connection.call("list_watchlists")).toMatchObject({
      attempts: 2,
      data: { result: ["vip"] },
    });
    expect(server.times("/Snypr/ws/token/generate")).toBe(1);
    expect(server.times("/api/v2/oauth/token")).toBe(2);
  });

  it("takes a 403 after the renewal for what it is, and stops", async () => {
    const { connection, server } = await start("securonix", { ...steps, [watchlists]: status(403) });
    await expect(connection.call("list_watchlists")).rejects.toMatchObject({ code: "authentication_failed" });
    expect(server.times(watchlists.replace("GET ", ""))).toBe(2);
  });

  it("works without a gateway: the token is bare text and goes into a header of its own", async () => {
    const { connection, server } = await start(
      "securonix",
      { "GET /Snypr/ws/token/generate": text("ws-text\n"), [watchlists]: json({ result: ["vip"] }) },
      { profile: "ws_token", config: { base_url: "https://acme.securonix.example" } },
    );
    await connection.call("list_watchlists");
    expect(server.requests.at(-1)?.headers).toMatchObject({ token: "ws-text" });
    expect(server.requests.at(-1)?.headers.authorization).toBeUndefined();
    expect(server.requests).toHaveLength(2);
  });

  it("finds the failure in an answer that says 200", async () => {
    const { connection } = await start("securonix", {
      ...steps,
      "GET /Snypr/ws/spotter/index/search": json({ error: true, errorMessage: "Invalid query" }),
    });
    const call = connection.call("search_violations", {
      generated_from: "01/01/2026 00:00:00",
      generated_to: "01/02/2026 00:00:00",
    });
    await expect(call).rejects.toMatchObject({
      code: "upstream_error",
      message: expect.stringContaining("Invalid query"),
    });
  });
});

describe("jira-cloud", () => {
  const issue = { project_key: "PROJ", summary: "Door sticks", issue_type: "Task" };

  it("repeats a write that was turned away, not one that may have been done", async () => {
    const { connection, server } = await start("jira-cloud", {
      "POST /rest/api/3/issue": sequence(status(429, undefined, { "retry-after": "1" }), status(503)),
    });
    await expect(run(connection.call("create_issue", issue))).rejects.toMatchObject({
      code: "upstream_error",
      status: 503,
      attempts: 2,
    });
    expect(server.requests).toHaveLength(2);
  });

  it("says what Jira says of a field", async () => {
    const { connection } = await start("jira-cloud", {
      "POST /rest/api/3/issue": status(400, {
        errorMessages: [],
        errors: { issuetype: "The issue type selected is invalid." },
      }),
    });
    await expect(connection.call("create_issue", issue)).rejects.toMatchObject({
      code: "upstream_error",
      message: expect.stringContaining("issuetype: The issue type selected is invalid"),
    });
  });

  it.each(["acme.evil.example/", "acme@evil", "a.b", "", "x:443"])(
    "lets no site %j lead the token elsewhere",
    async (domain) => {
      let server: TestServer | undefined;
      const made = start("jira-cloud", { "* /*": json({}) }, { config: { domain } }).then((played) => {
        server = played.server;
        return played.connection.call("get_myself");
      });
      await expect(made).rejects.toMatchObject({
        code: expect.stringMatching(/^(configuration|invalid_parameters)$/),
      });
      expect(server?.requests ?? []).toHaveLength(0);
    },
  );
});
