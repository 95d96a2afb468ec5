import { randomBytes, randomInt } from "node:crypto";
import { createServer } from "node:net";
import { onTestFinished } from "vitest";
import type { World } from "../../cli/world.ts";
import { json, startServer, type TestServer } from "../../runtime/testing/index.ts";
import { folderWith, type Ran, run } from "./support.ts";

/** A descriptor with a login by code and a static profile. */
export const desk: string = `metadata: { name: Desk, slug: desk, description: Tickets of a help desk., publisher: Example }
base_url: "{base_url}"
connection_config: [{ key: base_url, label: Address }]
authentication:
  - type: oauth2_authorization_code
    profile_id: oauth
    oauth: { authorize_url: "{base_url}/authorize", token_url: "{base_url}/token", default_scopes: [read] }
    test_endpoint: { url: /me }
  - type: bearer
    profile_id: key
    fields: [{ key: api_key, label: Key, secret: true }]
    test_endpoint: { url: /key }
operations: [{ operation_id: me, summary: Me, endpoint: /me, auth_type_ref: [oauth, key] }]
`;

/** An authorization server with an API, which gives \`a1\`, \`a2\`, … and takes each refresh token once. */
export interface Desk {
  readonly server: TestServer;
  /** The folder that commands run in. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  run(argv: readonly string[], setting?: Partial<Setting>): Promise<Ran>;
  /** Signs in as a browser would, following the address that the command shows. */
  login(argv?: readonly string[], setting?: Partial<Setting>): Promise<Ran>;
  /** Runs any command, and follows an address that it shows. */
  follow(argv: readonly string[], setting?: Partial<Setting>): Promise<Ran>;
  readonly spent: readonly (string | null)[];
}

export interface Setting {
  readonly env: World["env"];
  readonly ask: (question: string) => Promise<string | undefined>;
  /** What to do in place of following the address. */
  readonly visit: (address: string) => Promise<void>;
  readonly interrupted: AbortSignal;
}

export const canary = { secret: "canary-client-secret", code: "canary-code", refresh: "canary-refresh" };

/** Starts the server, and makes the folder with descriptor and connection files. */
export async function startDesk(
  options: {
    readonly life?: number;
    readonly descriptor?: string;
    /** The head of the connection file. */
    readonly connection?: string;
  } = {},
): Promise<Desk> {
  const { life = 100, descriptor = desk } = options;
  const {
    connection = `connector: desk\nprofile: oauth\ncredentials: { client_id: ada, client_secret: ${canary.secret} }\n`,
  } = options;
  let count = 0;
  let current = "";
  const spent: (string | null)[] = [];
  const server = await startServer({
    "GET /authorize": ({ query }) => {
      const back = new URL(query.get("redirect_uri") ?? "");
      back.searchParams.set("code", canary.code);
      back.searchParams.set("state", query.get("state") ?? "");
      return { status: 302, headers: { location: back.href } };
    },
    "POST /token": ({ form }) => {
      spent.push(form.get("refresh_token"));
      if (form.get("grant_type") === "refresh_token" && form.get("refresh_token") !== current)
        return json({ error: "invalid_grant" }, { status: 400 });
      count++;
      current = `${canary.refresh}-${count}`;
      return json({
        access_token: `a${count}`,
        refresh_token: current,
        expires_in: life,
        token_type: "Bearer",
      });
    },
    "GET /me": ({ headers }) =>
      headers.authorization === `Bearer a${count}` ? json({ name: "Ada" }) : { status: 401 },
    "GET /key": ({ headers }) => ({ status: headers.authorization === "Bearer k3y" ? 200 : 401 }),
  });
  onTestFinished(() => server.close());
  const rest = `config: { base_url: "${server.origin}" }\nnetwork: { allow: ["${server.host}"] }\n`;
  const cwd = await folderWith({
    "desk.yaml": descriptor,
    "desk.connection.yaml": `${connection}${rest}`,
    "key.connection.yaml": `connector: desk\nprofile: key\ncredentials: { api_key: k3y }\n${rest}`,
  });
  const env = {
    CONNECTOR_STORE: "store/secrets.json",
    CONNECTOR_SECRETS_KEY: randomBytes(32).toString("base64"),
  };
  const given = (argv: readonly string[]): readonly string[] =>
    argv.includes("--connection") ? argv : [...argv, "--connection", "desk.connection.yaml"];
  const start = (argv: readonly string[], setting: Partial<Setting> = {}, heard?: (text: string) => void) =>
    run(argv, {
      cwd,
      env: setting.env ?? env,
      ...(setting.ask ? { ask: setting.ask } : {}),
      ...(setting.interrupted ? { interrupted: setting.interrupted } : {}),
      ...(heard ? { heard } : {}),
    });
  const follow = (argv: readonly string[], setting: Partial<Setting> = {}): Promise<Ran> => {
    const visit =
      setting.visit ?? ((address) => fetch(address).then(async (page) => void (await page.text())));
    let visited: Promise<void> | undefined;
    return start(argv, setting, (text) => {
      const [address] = /http:\S+\/authorize\S+/.exec(text) ?? [];
      if (address) visited ??= visit(address);
    }).finally(() => visited);
  };
  return {
    server,
    cwd,
    env,
    spent,
    run: start,
    follow,
    login: (argv = ["--yes", "--no-browser"], setting = {}) =>
      follow(given(["auth", "login", "desk.yaml", ...argv]), setting),
  };
}

/** A port that nobody has, and that the system gives to none of the servers and calls of other tests. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(20_000, 30_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
  throw new Error("no port between 20,000 and 30,000 is free");
}
