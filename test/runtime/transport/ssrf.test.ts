import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { LookupFunction } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConnectorError, createRuntime, type NetworkOptions } from "../../../runtime/index.ts";
import { json, redirect, startServer, type TestServer } from "../../../runtime/testing/index.ts";
import type { Connector } from "../../../schema/ir.ts";
import { descriptor, irOf } from "../../support/line.ts";
import { sampled } from "../../support/sample.ts";
import { suiteJson } from "../response/corpus.ts";

interface Suite {
  readonly urls: readonly { readonly url: string; readonly expect: string }[];
}

/** Addresses that are refused, in all spellings, of the SSRF suite; ours stand for it where it is absent. */
const suite = suiteJson("ssrf/ssrf-urls.json") as Suite | undefined;
const denied = suite?.urls.filter(({ expect: verdict }) => verdict === "deny").map(({ url }) => url) ?? [
  "http://127.0.0.1/",
  "https://0x7f000001/",
  "https://[::ffff:169.254.169.254]/",
  "file:///etc/passwd",
];

/** Every name leads here, so that a name which slipped through would open a socket. */
const lookup: LookupFunction = (_name, options, answer) => {
  if (options.all) answer(null, [{ address: "127.0.0.1", family: 4 }]);
  else answer(null, "127.0.0.1", 4);
};

const leading = `
  - { operation_id: direct, summary: Direct, endpoint: "/x", auth_type_ref: none }
  - { operation_id: redirected, summary: Redirected, endpoint: "/redirect", auth_type_ref: none, retry: { max_attempts: 1 } }
  - operation_id: next
    summary: Next
    endpoint: /next
    auth_type_ref: none
    response: { records_path: $.items }
    pagination: { type: cursor, next_url_path: $.next }
  - operation_id: linked
    summary: Linked
    endpoint: /linked
    auth_type_ref: none
    response: { records_path: $.items }
    pagination: { type: link_header }
  - { operation_id: tokened, summary: Tokened, endpoint: "/x", auth_type_ref: token }
  - { operation_id: extracted, summary: Extracted, endpoint: "{oauth.instance_url}/x", auth_type_ref: grown }`;
const profiles = `  - { type: none, profile_id: none }
  - { type: oauth2_client_credentials, profile_id: token, oauth: { token_url: "{token_url}" } }
  - { type: oauth2_client_credentials, profile_id: grown, allowed_hosts: ["*.example.com"], oauth: { token_url: "{base_url}/token", extract: { instance_url: "$.instance_url" } } }`;
const yaml = descriptor(`operations:${leading}`, profiles).replace(
  "label: Base URL }",
  "label: Base URL }, { key: token_url, label: Token URL }",
);

let ir: Connector;
let server: TestServer;
let proxy: TestServer;
/** What the server points at in the test that runs. */
let target = "";
/** Client sockets that were made. */
let sockets = 0;
const count = (): void => {
  sockets++;
};

/** A header is of bytes. */
const asBytes = (text: string): string => Buffer.from(text).toString("latin1");

beforeAll(async () => {
  ir = await irOf(yaml);
  server = await startServer({
    "GET /redirect": () => redirect(asBytes(target)),
    "GET /next": () => json({ items: [1], next: target }),
    "GET /linked": () => json({ items: [1] }, { headers: { link: `<${asBytes(target)}>; rel="next"` } }),
    "POST /token": () => json({ access_token: "t", expires_in: 60, instance_url: target }),
    "* /*": json({}),
  });
  proxy = await startServer({ "* /*": json({}) });
  subscribe("net.client.socket", count);
});
afterAll(async () => {
  unsubscribe("net.client.socket", count);
  await server.close();
  await proxy.close();
});

/** How the call ended: its error, or undefined. */
async function called(
  operation: string,
  config: Readonly<Record<string, string>> = {},
  network: NetworkOptions = {},
): Promise<unknown> {
  const runtime = createRuntime({
    network: { allow: [new URL(server.origin).host, new URL(proxy.origin).host], lookup, ...network },
  });
  const profile = { tokened: "token", extracted: "grown" }[operation];
  try {
    const connection = runtime.connect(ir, {
      config: { base_url: server.origin, token_url: `${server.origin}/token`, ...config },
      ...(profile ? { profile, credentials: { client_id: "me", client_secret: "s" } } : {}),
    });
    if (operation === "next" || operation === "linked")
      for await (const _record of connection.records(operation));
    else await connection.call(operation);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await runtime.close();
  }
}

let turn = 0;

/** Of each address: how the call ended, where that is not as it must. */
async function astray(
  way: Parameters<typeof called>,
  sent: number,
  heard: TestServer,
  urls: readonly string[] = denied,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const url of sampled(urls, 4, turn++)) {
    target = url;
    sockets = 0;
    const before = heard.requests.length;
    const [operation, config = {}, network] = way;
    const given = Object.fromEntries(Object.entries(config).map(([key]) => [key, url]));
    const error = await called(operation, given, network);
    const arrived = heard.requests.length - before;
    if (!(ConnectorError.is(error) && refusals.has(error.code)) || sockets !== sent || arrived !== sent)
      wrong.push(`${url}: ${error}; ${sockets} sockets, ${arrived} requests`);
  }
  return wrong;
}

/** None of them says that something was reached and failed. */
const refusals: ReadonlySet<string> = new Set([
  "configuration",
  "destination_blocked",
  "response_invalid",
  "chain_step_failed",
  "upstream_error",
]);

describe(`none of ${denied.length} addresses is reached, and no socket opened`, () => {
  it("as the base URL of a setting", async () => {
    expect(await astray(["direct", { base_url: "" }], 0, server)).toEqual([]);
  });

  it("as the token URL of a setting", async () => {
    expect(await astray(["tokened", { token_url: "" }], 0, server)).toEqual([]);
  });

  it("through a proxy, which would resolve it", async () => {
    expect(await astray(["direct", { base_url: "" }, { proxy: proxy.origin }], 0, proxy)).toEqual([]);
  });

  it.each(["redirected", "next", "linked", "extracted"])("where an answer leads: %s", async (operation) => {
    expect(await astray([operation], 1, server, denied.filter(leadsAway))).toEqual([]);
  });
});

/** `http:127.0.0.1/` after `http:` is a path on the same server (WHATWG URL); a line break stands in no header. */
function leadsAway(url: string): boolean {
  const stays = URL.canParse(url, server.origin) && new URL(url, server.origin).origin === server.origin;
  return !stays && !/[\0\r\n]/.test(url);
}
