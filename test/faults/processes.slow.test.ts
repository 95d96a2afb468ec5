/** Faults that need a process of their own: no descriptors, a full disk, SIGTERM. SIGKILL: credentials/killed.slow.test.ts. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, type TestContext } from "vitest";
import { json, type Routes, startServer, type TestServer } from "../../runtime/testing/index.ts";
import { descriptor, irOf } from "../support/line.ts";
import { diskFull, noDescriptors, terminated } from "./families/process.ts";
import { type Method, methods, type Sight, sightOf, type Told } from "./fault.ts";
import { prefixOf } from "./fault-api.ts";
import type { Orders, Said } from "./process.mts";

const program = fileURLToPath(new URL("process.mts", import.meta.url));

const chain = (id: string): string => `
  - type: api_key
    profile_id: ${id}
    fields: [{ key: api_key, label: Key, secret: true }]
    credential_chain_id: ${id}
    auth_headers: { Authorization: "Bearer {token}" }`;
const step = (id: string): string => `
  - chain_id: ${id}
    description: One step.
    initial_credentials_required: [api_key]
    final_credential_name: token
    steps: [{ step_name: one, method: POST, endpoint: /${id}, headers: { X-Key: "{api_key}" }, extract: { token: $.access_token } }]`;
const shapes: Readonly<Record<Method, string>> = {
  GET: "",
  POST: ", method: POST",
  "POST with key": ", method: POST, idempotency: { header: Idempotency-Key }",
};
const operations = (id: string, profile: string, endpoint: string): string =>
  methods
    .map(
      (method) => `
  - { operation_id: ${prefixOf[method]}_${id}, summary: A call, endpoint: ${endpoint}${shapes[method]}, auth_type_ref: ${profile}, retry: { max_ms: 200 } }`,
    )
    .join("");

const yaml = descriptor(
  `credential_chains:${step("held")}${step("fresh")}
operations:${operations("open", "open", "/x")}${operations("held", "held", "/x")}${operations("fresh", "fresh", "/x")}${operations("consent", "consent", "/x")}${operations("open_mute", "open", "/mute")}${operations("held_mute", "held", "/mute")}`,
  `  - { type: none, profile_id: open }${chain("held")}${chain("fresh")}
  - type: oauth2_authorization_code
    profile_id: consent
    oauth: { authorize_url: "{base_url}/authorize", token_url: "{base_url}/token" }`,
);
const profiles = {
  held: { credentials: { api_key: "canary-held" } },
  fresh: { credentials: { api_key: "canary-fresh" } },
  consent: { credentials: { client_id: "me", client_secret: "canary", refresh_token: "canary-r0" } },
};
/** Under each method, without credentials, with the token of a chain, and where the chain obtains it. */
const calls = (...ids: readonly string[]): string[] =>
  ids.flatMap((id) => methods.map((method) => `${prefixOf[method]}_${id}`));

/** Of the test's own context: beside others, the end of any of them would be taken for this one's. */
type Finish = TestContext["onTestFinished"];

/** A file system of 64 KiB in the folder, gone with the test; false where this process may not mount one. */
function mounted(folder: string, onTestFinished: Finish): boolean {
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", folder]);
  if (status !== 0) return false;
  onTestFinished(() => {
    spawnSync("umount", [folder]);
  });
  return true;
}

async function serving(routes: Routes, onTestFinished: Finish): Promise<TestServer> {
  const server = await startServer(routes);
  onTestFinished(() => server.close());
  return server;
}

/** Starts the process with few descriptors to spare. */
async function start(orders: Omit<Orders, "ir" | "profiles">): Promise<ChildProcess> {
  const given = JSON.stringify({ ...orders, profiles, ir: await irOf(yaml) });
  const limited = 'ulimit -n 256; exec "$0" "$@"';
  return spawn("sh", ["-c", limited, process.execPath, "--import", "tsx", program, given], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** What the process said, once it has ended by itself; never a secret. */
async function said(child: ChildProcess): Promise<Said[]> {
  let text = "";
  child.stdout?.on("data", (chunk) => {
    text += String(chunk);
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect(code).toBe(0);
  expect(text).not.toContain("canary");
  return JSON.parse(text);
}

function outcome({ code, attempts, retryable }: Sight): object {
  return {
    code: typeof code === "string" ? code : expect.toSatisfy((one: string) => code.includes(one)),
    ...(attempts === undefined ? {} : { attempts }),
    ...(retryable === undefined ? {} : { retryable }),
  };
}

/** What is expected of each of the calls. */
function each(names: readonly string[], expected: (method: Method) => object): Record<string, object> {
  return Object.fromEntries(
    names.map((name) => {
      const method = methods.find((one) => name.startsWith(`${prefixOf[one]}_`));
      if (!method) throw new Error(`no method in ${name}`);
      return [name, expected(method)];
    }),
  );
}

const sight =
  ({ seen }: Told) =>
  (method: Method): object =>
    outcome(sightOf(seen, method));
const works = (): object => ({ data: 1 });
const token = json({ access_token: "canary-a1", refresh_token: "canary-r1", expires_in: 3600 });

describe.concurrent("by every method, without credentials and behind a chain", () => {
  it(`${noDescriptors.name}: told, and over once files are closed`, async ({ expect, onTestFinished }) => {
    const names = calls("open", "held", "fresh");
    const routes = {
      "* /x": () => json(1, { headers: { connection: "close" } }),
      "POST /*": { ...token, headers: { connection: "close" } },
    };
    const server = await serving(routes, onTestFinished);
    const before = calls("open", "held");
    const child = await start({ origin: server.origin, before, operations: names, fault: "descriptors" });
    expect(await said(child)).toEqual(
      [sight(noDescriptors), works].map((one) =>
        each(names, (method) => expect.objectContaining(one(method))),
      ),
    );
    expect([server.times("/x"), server.times("/held"), server.times("/fresh")]).toEqual([6 + 9, 1, 1]);
  });

  it.for([
    ["disk", "whose writes fail"],
    ["full disk", "that has no byte left"],
  ] as const)(
    `${diskFull.name}, %s: no refresh token is spent, and the call goes well once there is room`,
    async ([fault], { expect, onTestFinished, skip }) => {
      const folder = mkdtempSync(join(tmpdir(), "connectorc-disk-"));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      if (fault === "full disk" && !mounted(folder, onTestFinished))
        skip("SKIPPED: a small file system to fill can be mounted by root alone");
      const names = calls("open", "fresh", "consent");
      const server = await serving({ "* /x": json(1), "POST /*": token }, onTestFinished);
      const store = join(folder, "credentials.json");
      const child = await start({
        origin: server.origin,
        before: [],
        operations: names,
        fault,
        store,
      });
      const full = (method: Method): object => ({
        ...sight(diskFull)(method),
        message: expect.stringMatching(/the disk is full/),
      });
      expect(await said(child)).toEqual([
        // What needs no refresh token needs no disk.
        {
          ...each(calls("open", "fresh"), works),
          ...each(calls("consent"), (method) => expect.objectContaining(full(method))),
        },
        each(names, works),
      ]);
      expect([server.times("/token"), server.times("/fresh")]).toEqual([1, 1]);
    },
  );

  it(`${terminated.name}: what is answered within the grace has its answer, the rest is aborted`, async ({
    expect,
    onTestFinished,
  }) => {
    const children: ChildProcess[] = [];
    const answered = calls("open", "held");
    const unanswered = calls("open_mute", "held_mute", "fresh");
    let release: (() => void) | undefined;
    const closing = new Promise<void>((resolve) => {
      release = resolve;
    });
    let arrived = 0;
    const arrive = (): void => {
      // The chain of the three calls `fresh` is one.
      if (++arrived < answered.length + unanswered.length - 2) return;
      children[0]?.kill("SIGTERM");
      release?.();
    };
    const silent = (): Promise<never> => {
      arrive();
      return new Promise(() => {});
    };
    let warm = true;
    const server = await serving(
      {
        "* /x": async () => {
          if (warm) {
            warm = false;
            return json(1);
          }
          arrive();
          await closing;
          return json(1);
        },
        "* /mute": silent,
        "POST /held": token,
        "POST /fresh": silent,
      },
      onTestFinished,
    );
    const operations = [...answered, ...unanswered];
    children.push(
      await start({ origin: server.origin, before: ["get_held"], operations, fault: "terminated" }),
    );
    const [child] = children;
    const aborted = (): object => expect.objectContaining({ code: "aborted" });
    expect(child && (await said(child))).toEqual([
      { ...each(answered, works), ...each(unanswered, aborted) },
    ]);
    expect([server.times("/x"), server.times("/mute"), server.times("/fresh")]).toEqual([1 + 6, 6, 1]);
  });
});
