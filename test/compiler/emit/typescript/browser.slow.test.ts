/** A standalone client in a page of a browser, against a server of another origin. Skipped where there is no Chromium. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { emitStandalone } from "../../../../compiler/emit/typescript/standalone/index.ts";
import { compile } from "../../../../compiler/index.ts";
import { scriptOf } from "../support/client-script.ts";

const { PATH = "" } = process.env;
const browser = PATH.split(delimiter)
  .flatMap((folder) => ["chromium", "chromium-browser", "google-chrome"].map((name) => join(folder, name)))
  .find(existsSync);
if (browser === undefined) console.warn("SKIPPED: no Chromium on the PATH, so no client runs in a browser");

const descriptor = `
metadata: { name: Page, slug: page, description: A connector to try in a page., publisher: Example }
connection_config: [{ key: base_url, label: Address }]
base_url: "{base_url}"
credential_chains:
  - chain_id: login
    description: A token for an hour.
    initial_credentials_required: [api_key]
    steps:
      - { step_name: token, endpoint: /token, body: { key: "{api_key}" }, extract: { token: $.token }, ttl_seconds: 3600 }
    final_credential_name: token
authentication: [{ type: api_key, credential_chain_id: login }]
rate_limits: [{ scope: per_account, limit: 100, interval_seconds: 1 }]
operations:
  - operation_id: list_things
    endpoint: /things
    summary: List things
    auth_type_ref: api_key
    parameters: [{ name: page, location: query, field_type: integer }]
    pagination: { type: page, page_param: page }
    response: { records_path: $.things }
`;

const main = (origin: string): string => `
import { createPage } from "./index.js";
const client = createPage(
  { profile: "api_key", credentials: { api_key: "example-key" }, config: { base_url: ${JSON.stringify(origin)} } },
  { network: { allow: ["127.0.0.1"] } },
);
async function run() {
  const found = [];
  for await (const thing of client.listThings()) found.push(thing);
  const gone = await client.request({ method: "GET", path: "/gone" }).catch(({ code, status }) => ({ code, status }));
  const moved = await client.request({ method: "GET", path: "/moved" }).catch(({ code, message }) => ({ code, message }));
  await client.close();
  return { found, gone, moved };
}
run().catch((error) => ({ thrown: String(error) })).then((told) => fetch("/told", { method: "POST", body: JSON.stringify(told) }));
`;

async function listening(
  answer: RequestListener,
): Promise<{ readonly server: Server; readonly origin: string }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}

/** An API that a page of any origin may call. */
const api: RequestListener = ({ url = "", method, headers }, response) => {
  const { pathname, searchParams } = new URL(url, "http://x");
  response.setHeader("access-control-allow-origin", "*");
  response.setHeader("access-control-allow-headers", "authorization, content-type");
  response.setHeader("content-type", "application/json");
  if (method === "OPTIONS") response.writeHead(204).end();
  else if (pathname === "/token") response.end(JSON.stringify({ token: "example-token" }));
  else if (headers.authorization !== "Bearer example-token") response.writeHead(401).end("{}");
  else if (pathname === "/moved") response.writeHead(302, { location: "/things" }).end();
  else if (pathname === "/gone") response.writeHead(404).end("{}");
  else response.end(JSON.stringify({ things: [[1, 2], [3], []][Number(searchParams.get("page") ?? 1) - 1] }));
};

/** Loads a page and waits until it tells what it found. All names but loopback lead nowhere. */
async function toldBy(program: string, script: string): Promise<unknown> {
  const profile = await mkdtemp(join(tmpdir(), "page-"));
  let tell: (text: string) => void = () => {};
  const told = new Promise<string>((resolve) => {
    tell = resolve;
  });
  const { server, origin } = await listening(async (request, response) => {
    if (request.url === "/told") tell(await textOf(request));
    response
      .setHeader("content-type", "text/html; charset=utf-8")
      .end(request.url === "/" ? `<script>${script.replaceAll("</script", "<\\/script")}</script>` : "");
  });
  const child = spawn(
    program,
    [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--no-first-run",
      "--disable-background-networking",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
      `${origin}/`,
    ],
    { stdio: "ignore" },
  );
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  try {
    const early = ended.then((): string => {
      throw new Error(`${program} ended before its page told anything`);
    });
    return JSON.parse(await Promise.race([told, early]));
  } finally {
    child.kill();
    await ended;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

describe.skipIf(browser === undefined)("a standalone client in a page", () => {
  it("logs in, reads pages and tells failures, across origins", async () => {
    const { server, origin } = await listening(api);
    try {
      const { ir, diagnostics } = await compile(descriptor);
      if (!ir) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
      const script = await scriptOf(await emitStandalone(ir), main(origin));
      expect(await toldBy(browser ?? "", script)).toEqual({
        found: [1, 2, 3],
        gone: { code: "upstream_error", status: 404 },
        moved: { code: "network_error", message: expect.stringContaining("a browser does not say where to") },
      });
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
