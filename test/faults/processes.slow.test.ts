/** Faults that need a process of their own: no descriptors, a full disk, SIGTERM. SIGKILL: credentials/killed.slow.test.ts. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import {
  type Handler,
  json,
  type Routes,
  startServer,
  type TestServer,
} from "../../runtime/testing/index.ts";
import { descriptor, irOf } from "../support/line.ts";
import { diskFull, noDescriptors, terminated } from "./families/process.ts";
import type { Sight, Told } from "./fault.ts";
import type { Orders } from "./process.mts";

const program = fileURLToPath(new URL("process.mts", import.meta.url));
const yaml = descriptor(
  `operations:
  - { operation_id: get, summary: A read, endpoint: /x, auth_type_ref: none, retry: { max_ms: 200 } }
  - { operation_id: post, summary: A write, endpoint: /x, method: POST, auth_type_ref: none, retry: { max_ms: 200 } }
  - { operation_id: key, summary: A guarded write, endpoint: /x, method: POST, idempotency: { header: Idempotency-Key }, auth_type_ref: none, retry: { max_ms: 200 } }
  - { operation_id: consented, summary: With consent, endpoint: /x, auth_type_ref: p }`,
  `  - type: none
  - type: oauth2_authorization_code
    profile_id: p
    oauth: { authorize_url: "{base_url}/authorize", token_url: "{base_url}/token" }`,
);

async function serving(routes: Routes): Promise<TestServer> {
  const server = await startServer(routes);
  onTestFinished(() => server.close());
  return server;
}

/** Starts the process with few descriptors to spare. */
async function start(orders: Omit<Orders, "ir">): Promise<ChildProcess> {
  const given = JSON.stringify({ ...orders, ir: await irOf(yaml) });
  const limited = 'ulimit -n 256; exec "$0" "$@"';
  return spawn("sh", ["-c", limited, process.execPath, "--import", "tsx", program, given], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** What the process said, once it has ended by itself. */
async function said(child: ChildProcess): Promise<unknown> {
  let text = "";
  child.stdout?.on("data", (chunk) => {
    text += String(chunk);
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect(code).toBe(0);
  return JSON.parse(text);
}

function outcome({ code, attempts, retryable }: Sight): object {
  return {
    code: typeof code === "string" ? code : expect.toSatisfy((one: string) => code.includes(one)),
    ...(attempts === undefined ? {} : { attempts }),
    ...(retryable === undefined ? {} : { retryable }),
  };
}

const closing: Handler = () => json(1, { headers: { connection: "close" } });
const methods: readonly (readonly [string, keyof Told["seen"]])[] = [
  ["get", "read"],
  ["post", "write"],
  ["key", "guarded"],
];

test.each(methods)(
  `${noDescriptors.name}, by %s: told, and over once files are closed`,
  async (operation, kind) => {
    const server = await serving({ "* /x": closing });
    const child = await start({ origin: server.origin, operation, fault: "descriptors" });
    expect(await said(child)).toMatchObject([outcome(noDescriptors.seen[kind]), { data: 1 }]);
    expect(server.requests.length).toBe(2);
  },
);

test(`${diskFull.name}: no refresh token is spent, and the call goes well once there is room`, async () => {
  const folder = mkdtempSync(join(tmpdir(), "connectorc-disk-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const server = await serving({
    "GET /x": json(1),
    "POST /token": json({ access_token: "a1", refresh_token: "r1", expires_in: 3600 }),
  });
  const child = await start({
    origin: server.origin,
    operation: "consented",
    fault: "disk",
    credentials: { client_id: "me", client_secret: "canary", refresh_token: "canary-r0" },
    store: join(folder, "credentials.json"),
  });
  const answers = await said(child);
  expect(answers).toMatchObject([
    { ...outcome(diskFull.seen.read), message: expect.stringMatching(/the disk is full/) },
    { data: 1 },
  ]);
  expect(JSON.stringify(answers)).not.toContain("canary");
  expect(server.times("/token")).toBe(1);
});

test.each<readonly [string, boolean, object]>([
  ["is answered within the grace", true, { data: 1 }],
  ["is never answered", false, { code: "aborted", attempts: 1 }],
])(`${terminated.name}: a call that %s`, async (_, answers, expected) => {
  const children: ChildProcess[] = [];
  const server = await serving({
    "POST /x": async () => {
      children[0]?.kill("SIGTERM");
      return answers ? json(1) : new Promise<never>(() => {});
    },
  });
  children.push(await start({ origin: server.origin, operation: "post", fault: "terminated" }));
  const [child] = children;
  expect(child && (await said(child))).toMatchObject([expected]);
  expect(server.requests.length).toBe(1);
});
