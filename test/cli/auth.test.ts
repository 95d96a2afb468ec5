import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { redirect, startServer } from "../../runtime/testing/index.ts";
import { canary, type Desk, freePort, startDesk } from "./auth-support.ts";
import { folderWith, json, type Ran, run } from "./support.ts";

const connection = ["--connection", "desk.connection.yaml"];

/** Nothing that was printed holds a secret of the login; what is drawn by chance may hold two of its characters. */
function withoutSecrets(ran: Ran): Ran {
  for (const secret of [...Object.values(canary), "a1", "a2"])
    expect(`${ran.stdout}${ran.stderr}`).not.toMatch(new RegExp(`(?<![\\w-])${secret}(?![\\w-])`));
  return ran;
}

const status = async (desk: Desk): Promise<unknown> =>
  json(await desk.run(["auth", "status", "desk.yaml", ...connection, "--format", "json"]));

describe("connector auth login", () => {
  it("signs in through the browser, and later commands find the login", async () => {
    const desk = await startDesk();
    const login = withoutSecrets(await desk.login());
    expect(login).toMatchObject({
      code: 0,
      stdout: "Signed in to desk with profile oauth; the login renews itself.\n",
    });
    const exchange = desk.server.requests.find(({ path }) => path === "/token");
    expect(exchange?.form.get("redirect_uri")).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);

    const call = await desk.run(["call", "desk.yaml", "me", ...connection]);
    expect(call).toMatchObject({ code: 0, stderr: "" });
    expect(json(call)).toEqual({ name: "Ada" });
    expect(await desk.run(["check", "desk.yaml", ...connection])).toMatchObject({ code: 0, stderr: "" });
    expect(desk.spent).toEqual([null]);
  });

  it("keeps the login sealed, for its owner alone", async () => {
    const desk = await startDesk();
    await desk.login();
    const folder = join(desk.cwd, "store");
    for (const name of await readdir(folder)) {
      expect((await stat(join(folder, name))).mode & 0o077, name).toBe(0);
      const text = await readFile(join(folder, name), "utf8");
      for (const secret of [...Object.values(canary), desk.env.CONNECTOR_SECRETS_KEY ?? ""])
        expect(text, name).not.toContain(secret);
    }
  });

  it("renews an ended token once, and the next process knows the new one", async () => {
    const desk = await startDesk({ life: 0.001 });
    await desk.login();
    for (let call = 0; call < 3; call++)
      expect(await desk.run(["call", "desk.yaml", "me", ...connection])).toMatchObject({
        code: 0,
        stderr: "",
      });
    expect(desk.spent).toEqual([null, `${canary.refresh}-1`, `${canary.refresh}-2`, `${canary.refresh}-3`]);
  });

  it("says where the credentials go, and asks", async () => {
    const desk = await startDesk();
    const asked: string[] = [];
    const answer = (text: string) => async (question: string) => {
      asked.push(question);
      return text;
    };
    const no = await desk.login(["--no-browser"], { ask: answer("") });
    expect(no).toMatchObject({ code: 1, stdout: "" });
    expect(no.stderr).toContain(`  ${desk.server.origin}\n`);
    expect(no.stderr).toContain("not approved; nothing was sent");
    expect(desk.server.requests).toEqual([]);
    expect(await desk.login(["--no-browser"], { ask: answer("y") })).toMatchObject({ code: 0 });
    expect(await desk.login(["--no-browser"], { ask: answer("never asked") })).toMatchObject({ code: 0 });
    expect(asked).toEqual(["Is that right? [y/N] ", "Is that right? [y/N] "]);
  });

  it("shows no address to go to where the token endpoint could not be called", async () => {
    const desk = await startDesk();
    const path = join(desk.cwd, "desk.yaml");
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace('token_url: "{base_url}', 'token_url: "https://10.1.2.3'));
    const login = await desk.login(["--yes", "--no-browser"]);
    expect(login).toMatchObject({ code: 1, stdout: "" });
    expect(login.stderr).toContain(
      "This login could not be completed, and nothing was sent: 10.1.2.3 is refused: 10.1.2.3 is a private address",
    );
    expect(login.stderr).toContain("list it in network.allow");
    expect(login.stderr).not.toContain("/authorize");
    expect(desk.server.requests).toEqual([]);
  });

  it("does not approve by itself where nobody can be asked", async () => {
    const desk = await startDesk();
    const ran = await desk.login(["--no-browser"]);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toContain("add --yes if they are right. Nothing was sent");
    expect(desk.server.requests).toEqual([]);
  });

  it("asks again where the descriptor names another origin, and calls wait for the answer", async () => {
    const desk = await startDesk();
    await desk.login();
    const path = join(desk.cwd, "desk.yaml");
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace('token_url: "{base_url}', 'token_url: "https://evil.example.com'));
    const before = desk.server.requests.length;
    const call = await desk.run(["call", "desk.yaml", "me", ...connection]);
    expect(call).toMatchObject({ code: 1, stdout: "" });
    expect(call.stderr).toContain("https://evil.example.com");
    expect(call.stderr).toContain("connector auth login");
    const login = await desk.login(["--no-browser"]);
    expect(login.code).toBe(2);
    expect(login.stderr).toContain("  https://evil.example.com  (new)\n");
    expect(desk.server.requests.length).toBe(before);
  });

  it("holds credentials without a login to their approval too", async () => {
    const desk = await startDesk();
    const key = ["--connection", "key.connection.yaml"];
    expect(await desk.login(["--yes", ...key])).toMatchObject({
      code: 0,
      stdout: "The credentials of profile key of desk work; it needs no login.\n",
    });
    expect(await readdir(join(desk.cwd, "store"))).toEqual(["secrets.json.approvals"]);
    expect(await desk.run(["check", "desk.yaml", ...key])).toMatchObject({ code: 0, stderr: "" });
    const path = join(desk.cwd, "desk.yaml");
    await writeFile(
      path,
      (await readFile(path, "utf8")).replace("url: /key", 'url: "https://evil.example.com/key"'),
    );
    const check = await desk.run(["check", "desk.yaml", ...key]);
    expect(check.code).toBe(1);
    expect(check.stderr).toContain("profile key to https://evil.example.com, which is not approved");
  });

  it("turns away redirects of others, and other requests, and still takes the right one", async () => {
    const desk = await startDesk();
    const answers: [number, string | null][] = [];
    const login = await desk.login(undefined, {
      visit: async (address) => {
        const redirect = new URL(new URL(address).searchParams.get("redirect_uri") ?? "");
        const ask = async (url: string, init?: RequestInit): Promise<void> => {
          const { status: code, headers } = await fetch(url, init);
          answers.push([code, headers.get("content-security-policy")]);
        };
        await ask(`${redirect.href}?code=evil&state=guessed`);
        await ask(`${redirect.origin}/elsewhere`);
        await ask(redirect.href, { method: "POST", body: "code=evil" });
        await ask(`${redirect.href.replace("127.0.0.1", "localhost")}?code=evil&state=guessed`);
        const page = await fetch(address);
        expect(page.headers.get("referrer-policy")).toBe("no-referrer");
        expect(page.headers.get("cache-control")).toBe("no-store");
        expect(await page.text()).toContain("<h1>Signed in</h1>");
      },
    });
    const policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    expect(answers).toEqual([400, 404, 405, 421].map((code) => [code, policy]));
    expect(login.code).toBe(0);
  });

  it("says what the server says where consent is refused, and shows no address with a code", async () => {
    const desk = await startDesk();
    const login = await desk.login(undefined, {
      visit: async (address) => {
        const { searchParams } = new URL(address);
        const back = `${searchParams.get("redirect_uri")}?error=access_denied&error_description=No%1b[2J&state=${searchParams.get("state")}`;
        expect(await (await fetch(back)).text()).toContain("<h1>Not signed in</h1>");
      },
    });
    expect(login).toMatchObject({ code: 1, stdout: "" });
    expect(login.stderr).toContain("access_denied");
    expect(login.stderr).not.toContain("\u001b");
    const [, error = ""] = login.stderr.split("connector: ");
    expect(error).not.toContain("state=");
    expect(await status(desk)).toMatchObject({ profiles: [{ profile: "oauth", state: "not signed in" }] });
  });

  it("stops at an interrupt", async () => {
    const desk = await startDesk();
    const stop = new AbortController();
    const login = await desk.login(undefined, { interrupted: stop.signal, visit: async () => stop.abort() });
    expect(login.code).toBe(130);
  });

  it("listens where --port and --redirect-uri say", async () => {
    const desk = await startDesk();
    const port = await freePort();
    expect(
      await desk.login(["--yes", "--no-browser", "--redirect-uri", `http://localhost:${port}/back`]),
    ).toMatchObject({
      code: 0,
    });
    expect(await desk.login(["--yes", "--no-browser", "--port", `${port}`])).toMatchObject({ code: 0 });
    const sent = desk.server.requests
      .filter(({ path }) => path === "/token")
      .map(({ form }) => form.get("redirect_uri"));
    expect(sent).toEqual([`http://localhost:${port}/back`, `http://127.0.0.1:${port}/callback`]);
  });

  it("takes a pasted address where the redirect is elsewhere", async () => {
    const desk = await startDesk();
    let address = "";
    const login = await desk.login(
      ["--yes", "--no-browser", "--redirect-uri", "https://app.example.com/back"],
      {
        visit: async (url) => {
          address = url;
        },
        ask: async () => {
          const { searchParams } = new URL(address);
          return `https://app.example.com/back?code=${canary.code}&state=${searchParams.get("state")}`;
        },
      },
    );
    expect(withoutSecrets(login).code).toBe(0);
  });

  it.each([
    [["--redirect-uri", "http://app.example.com/back"], "--redirect-uri takes http://127.0.0.1"],
    [["--redirect-uri", "ftp://127.0.0.1/"], "--redirect-uri takes http://127.0.0.1"],
    [["--redirect-uri", "http://127.0.0.1:1/", "--port", "2"], "leave --port out"],
    [["--port", "0"], "at least 1"],
    [["--port", "70000"], "up to 65535"],
  ])("refuses %j", async (argv, sentence) => {
    const desk = await startDesk();
    const ran = await desk.login(["--yes", ...argv]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(sentence);
  });
});

describe("connector auth status and logout", () => {
  it("tell what is stored, and delete it", async () => {
    const desk = await startDesk();
    expect(await desk.run(["auth", "status", "desk.yaml", ...connection])).toMatchObject({ code: 1 });
    await desk.login();
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(await status(desk)).toEqual({
      connector: "desk",
      store: join(desk.cwd, "store/secrets.json"),
      profiles: [
        {
          profile: "oauth",
          type: "oauth2_authorization_code",
          state: "signed in",
          approvedOrigins: [desk.server.origin],
          approvedAt: time,
          obtainedAt: time,
          expiresAt: time,
          refreshable: true,
        },
      ],
    });
    const pretty = withoutSecrets(await desk.run(["auth", "status", "desk.yaml", ...connection]));
    expect(pretty).toMatchObject({ code: 0, stderr: "" });
    expect(pretty.stdout).toMatch(/^oauth \(oauth2_authorization_code\): signed in\n {2}obtained {3}2/);

    const logout = withoutSecrets(await desk.run(["auth", "logout", "desk.yaml", ...connection]));
    expect(logout).toMatchObject({ code: 0, stderr: "" });
    expect(logout.stdout).toContain("Deleted for profile oauth of desk: the login of 2");
    expect(logout.stdout).toContain(`the approval of ${desk.server.origin}`);
    const call = await desk.run(["call", "desk.yaml", "me", ...connection]);
    expect(call.stderr).toContain("Nobody has signed in for profile");
    expect((await desk.run(["auth", "logout", "desk.yaml", ...connection])).stdout).toBe(
      "Nothing was stored for profile oauth of desk.\n",
    );
  });

  it("say so where the server has ended a login", async () => {
    const desk = await startDesk({ life: 0.001 });
    await desk.login();
    // Somebody else spends the refresh token.
    await fetch(`${desk.server.origin}/token`, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: `${canary.refresh}-1` }),
    });
    const call = await desk.run(["call", "desk.yaml", "me", ...connection]);
    expect(call.code).toBe(1);
    expect(call.stderr).toContain("(reauthorization_required)");
    const ran = await desk.run(["auth", "status", "desk.yaml", ...connection]);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(
      /^oauth \(oauth2_authorization_code\): ended, the server refused the refresh token/,
    );
  });
});

describe("a login by OAuth 1", () => {
  it("gives the token that calls are signed with", async () => {
    let callback = "";
    const part = (header: string | undefined, name: string): string =>
      decodeURIComponent(new RegExp(`${name}="([^"]*)"`).exec(header ?? "")?.[1] ?? "");
    const server = await startServer({
      "POST /request": ({ headers }) => {
        callback = part(headers.authorization, "oauth_callback");
        return { text: "oauth_token=rt&oauth_token_secret=rts&oauth_callback_confirmed=true" };
      },
      "GET /authorize": ({ query }) =>
        redirect(`${callback}?oauth_token=${query.get("oauth_token")}&oauth_verifier=v`),
      "POST /access": ({ headers }) =>
        part(headers.authorization, "oauth_verifier") === "v"
          ? { text: "oauth_token=at&oauth_token_secret=canary-token-secret" }
          : { status: 401 },
      "GET /me": ({ headers }) => ({
        status: part(headers.authorization, "oauth_token") === "at" ? 200 : 401,
      }),
    });
    onTestFinished(() => server.close());
    const cwd = await folderWith({
      "shop.yaml": `metadata: { name: Shop, slug: shop, description: A shop for tests., publisher: Example }
base_url: "${server.origin}"
authentication:
  - type: oauth1
    profile_id: p
    oauth1:
      request_token_url: "${server.origin}/request"
      authorize_url: "${server.origin}/authorize"
      access_token_url: "${server.origin}/access"
    test_endpoint: { url: /me }
operations: [{ operation_id: me, summary: Me, endpoint: /me, auth_type_ref: p }]
`,
    });
    const env = {
      CONNECTOR_STORE: "secrets.json",
      CONNECTOR_SECRETS_KEY: "ab".repeat(32),
      CONNECTOR_SHOP_CONSUMER_KEY: "ck",
      CONNECTOR_SHOP_CONSUMER_SECRET: "canary-consumer-secret",
    };
    const network = ["--allow-network", server.host];
    let visited: Promise<unknown> | undefined;
    const login = await run(["auth", "login", "shop.yaml", "--yes", "--no-browser", ...network], {
      cwd,
      env,
      heard: (text) => {
        const [address] = /http:\S+\/authorize\S+/.exec(text) ?? [];
        if (address) visited ??= fetch(address);
      },
    });
    await visited;
    expect(login).toMatchObject({
      code: 0,
      stdout: "Signed in to shop with profile p; the login lasts until the server refuses it.\n",
    });
    expect(`${login.stderr}${login.stdout}`).not.toContain("canary");
    expect(await run(["check", "shop.yaml", ...network], { cwd, env })).toMatchObject({
      code: 0,
      stderr: "",
    });
    const status = await run(["auth", "status", "shop.yaml", ...network], { cwd, env });
    expect(status.stdout).toContain("p (oauth1): signed in");
  });
});
