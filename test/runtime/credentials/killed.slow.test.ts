import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { type Handler, json, startServer, status, type TestServer } from "../../../runtime/testing/index.ts";
import { descriptor, irOf } from "../../support/line.ts";

const spender = fileURLToPath(new URL("../../support/spender.mts", import.meta.url));
const yaml = descriptor(
  "operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: p }]",
  `  - type: oauth2_authorization_code
    profile_id: p
    oauth: { authorize_url: "{base_url}/authorize", token_url: "{base_url}/token" }`,
);

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.map((close) => close()));
  closing = [];
});

/** Runs a process to its end; what it said, or the signal that ended it. */
async function ending(child: ChildProcess): Promise<unknown> {
  let said = "";
  child.stdout?.on("data", (chunk) => {
    said += chunk;
  });
  const signal = await new Promise((resolve) => child.on("close", (_, by) => resolve(by)));
  return signal ?? JSON.parse(said);
}

interface Scene {
  readonly server: TestServer;
  readonly store: string;
  readonly start: () => ChildProcess;
}

async function scene(token: Handler): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), "connectorc-killed-"));
  const server = await startServer({ "POST /token": token, "GET /x": json(1) });
  closing.push(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  const store = join(folder, "credentials.json");
  const given = JSON.stringify({
    ir: await irOf(yaml),
    origin: server.origin,
    store,
    credentials: { client_id: "id", client_secret: "canary-secret", refresh_token: "canary-r0" },
  });
  return {
    server,
    store,
    start: () =>
      spawn(process.execPath, ["--import", "tsx", spender, given], { stdio: ["ignore", "pipe", "inherit"] }),
  };
}

/** Refresh tokens that are good for one use; `used` is called between the use and the answer. */
function rotating(used: (count: number) => void): Handler {
  let count = 0;
  return ({ form }) => {
    if (form.get("refresh_token") !== `canary-r${count}`)
      return status(400, { error: "invalid_grant", error_description: "used before" });
    count++;
    used(count);
    return json({ access_token: `a${count}`, refresh_token: `canary-r${count}`, expires_in: 100 });
  };
}

test("a process that is killed between spending and storing costs one more try, and then a login", async () => {
  let first: ChildProcess | undefined;
  const { server, store, start } = await scene(rotating(() => void first?.kill("SIGKILL")));
  first = start();
  expect(await ending(first)).toBe("SIGKILL");
  // The lease of the dead is waited for, not taken.
  const next = await Promise.all([ending(start()), ending(start())]);
  for (const said of next)
    expect(said).toMatchObject({
      code: "reauthorization_required",
      message: expect.stringMatching(/cut off midway.*connector auth login/),
    });
  expect(await ending(start())).toMatchObject({ code: "reauthorization_required" });
  expect(server.requests.map(({ form }) => form.get("refresh_token"))).toEqual(["canary-r0", "canary-r0"]);
  expect(await readFile(store, "utf8")).not.toContain("canary");
}, 40_000);

test("processes at once spend one refresh token, and the next finds what they stored", async () => {
  const { server, start } = await scene(rotating(() => {}));
  expect(await Promise.all([start(), start(), start()].map(ending))).toEqual(Array(3).fill({ data: 1 }));
  expect(await ending(start())).toEqual({ data: 1 });
  expect(server.times("/token")).toBe(1);
}, 40_000);
