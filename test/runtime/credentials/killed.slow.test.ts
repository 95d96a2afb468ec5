import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { type Handler, json, startServer, status, type TestServer } from "../../../runtime/testing/index.ts";
import { descriptor, irOf } from "../../support/line.ts";
import type { Death } from "../../support/spender.mts";

const spender = fileURLToPath(new URL("../../support/spender.mts", import.meta.url));
const yaml = descriptor(
  `operations:
  - { operation_id: get, summary: A read, endpoint: /x, auth_type_ref: p }
  - { operation_id: post, summary: A write, endpoint: /x, method: POST, auth_type_ref: p }
  - { operation_id: key, summary: A guarded write, endpoint: /x, method: POST, idempotency: { header: Idempotency-Key }, auth_type_ref: p }`,
  `  - type: oauth2_authorization_code
    profile_id: p
    oauth: { authorize_url: "{base_url}/authorize", token_url: "{base_url}/token" }`,
);

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.map((close) => close()));
  closing = [];
});

/** Runs a process to its end; what it said of each of its calls, which is the same, or the signal that ended it. */
async function ending(child: ChildProcess): Promise<unknown> {
  let said = "";
  child.stdout?.on("data", (chunk) => {
    said += chunk;
  });
  const signal = await new Promise((resolve) => child.on("close", (_, by) => resolve(by)));
  if (signal) return signal;
  const outcomes: { readonly code?: string; readonly data?: unknown }[] = JSON.parse(said);
  expect(outcomes).toHaveLength(3);
  expect(new Set(outcomes.map(({ code, data }) => `${code} ${data}`)).size).toBe(1);
  return outcomes[0];
}

interface Scene {
  readonly server: TestServer;
  readonly store: string;
  readonly start: (death?: Death) => ChildProcess;
}

async function scene(token: Handler): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), "connectorc-killed-"));
  const server = await startServer({ "POST /token": token, "* /x": json(1) });
  closing.push(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  const store = join(folder, "credentials.json");
  const given = {
    ir: await irOf(yaml),
    origin: server.origin,
    store,
    credentials: { client_id: "id", client_secret: "canary-secret", refresh_token: "canary-r0" },
  };
  return {
    server,
    store,
    start: (death) =>
      spawn(process.execPath, ["--import", "tsx", spender, JSON.stringify({ ...given, death })], {
        stdio: ["ignore", "pipe", "inherit"],
      }),
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
});

const works = { data: 1 };
const ended = { code: "reauthorization_required", message: expect.stringContaining("connector auth login") };
const [intent, renewed] = [1, 2];

/** Where a process dies, what the next two then find, and how often the refresh token was sent. */
const deaths: readonly (readonly [when: string, death: Death, next: object, sent: number])[] = [
  ["before the intent is written", { write: intent, at: "before" }, works, 1],
  ["before the intent is in its place", { write: intent, at: "before the rename" }, works, 1],
  ["when the intent is in its place", { write: intent, at: "after the rename" }, works, 1],
  ["before the request goes", { write: intent, at: "after" }, works, 1],
  ["with the answer, before it is written", { write: renewed, at: "before" }, ended, 2],
  ["before the answer is in its place", { write: renewed, at: "before the rename" }, ended, 2],
  ["when the answer is in its place", { write: renewed, at: "after the rename" }, works, 1],
  ["once the answer is stored", { write: renewed, at: "after" }, works, 1],
];

// Each waits for the lease of the dead, so they wait together.
test("a process that is killed spends nothing twice, whatever it was at", async () => {
  const dies = async ([when, death, next, sent]: (typeof deaths)[number]): Promise<void> => {
    let spent = 0;
    const { server, store, start } = await scene(
      rotating(() => {
        spent++;
      }),
    );
    expect(await ending(start(death)), when).toBe("SIGKILL");
    expect(await ending(start()), when).toMatchObject(next);
    expect(await ending(start()), when).toMatchObject(next);
    expect([spent, server.times("/token")], when).toEqual([1, sent]);
    expect(await readFile(store, "utf8"), when).not.toContain("canary");
  };
  await Promise.all(deaths.map(dies));
});

test("a process that is killed before the server has seen its request costs nothing", async () => {
  let first: ChildProcess | undefined;
  const tokens = rotating(() => {});
  const { server, start } = await scene(async (request, context) => {
    if (!first) return tokens(request, context);
    first.kill("SIGKILL");
    await new Promise((resolve) => first?.once("close", resolve));
    first = undefined;
    return status(503);
  });
  first = start();
  expect(await ending(first)).toBe("SIGKILL");
  expect(await ending(start())).toEqual(works);
  expect(server.times("/token")).toBe(2);
});

test("processes at once spend one refresh token, and the next finds what they stored", async () => {
  const { server, start } = await scene(rotating(() => {}));
  expect(await Promise.all([start(), start(), start()].map(ending))).toEqual(Array(3).fill({ data: 1 }));
  expect(await ending(start())).toEqual({ data: 1 });
  expect(server.times("/token")).toBe(1);
});
