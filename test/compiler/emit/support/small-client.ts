/** A small connector, a program over its standalone client, and the server that it calls. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { compile } from "../../../../compiler/index.ts";
import type { Connector } from "../../../../schema/ir.ts";

/** The connector of a descriptor without errors. */
export async function connectorOf(text: string): Promise<Connector> {
  const { ir, diagnostics } = await compile(text);
  if (!ir) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return ir;
}

/** What the descriptors of these tests begin with. */
export const head = `
metadata: { name: Small, slug: small, description: A connector to try clients with., publisher: Example }
connection_config: [{ key: base_url, label: Address }]
base_url: "{base_url}"
authentication: [{ type: bearer }]
`;

/** Pages, a limit of four an hour, a token. */
export const small: string = `${head}
rate_limits: [{ scope: per_account, limit: 4, interval_seconds: 3600 }]
operations:
  - operation_id: list_things
    endpoint: /things
    summary: List things
    auth_type_ref: bearer
    parameters: [{ name: page, location: query, field_type: integer }]
    pagination: { type: page, page_param: page }
    response: { records_path: $.things }
`;

/** A program over the client of `small`: `globalThis.ran` becomes what it found, as JSON. */
export const main = (origin: string): string => `
import { createSmall } from "./index.js";
async function run() {
  const client = createSmall(
    { profile: "bearer", credentials: { token: "example-token" }, config: { base_url: ${JSON.stringify(origin)} } },
    { network: { allow: ["127.0.0.1"] } },
  );
  const found = [];
  for await (const thing of client.listThings()) found.push(thing);
  const failed = await client.request({ method: "GET", path: "/gone" }).catch((error) => [error.code, error.status, error.message]);
  const late = await client.request({ method: "GET", path: "/gone" }).catch((error) => error.code);
  await client.close();
  return JSON.stringify({ found, failed, late });
}
globalThis.ran = run();
`;

/** What it finds. */
export const expected: object = {
  found: [1, 2, 3],
  failed: [
    "upstream_error",
    404,
    "small GET /gone: the server answered 404: no [secret] here. Check the parameters and the URL.",
  ],
  // Four an hour: three pages and a request went before.
  late: "rate_limited",
};

/** Starts the API of `small` on loopback. */
export async function startSmall(): Promise<{ readonly origin: string; close(): Promise<void> }> {
  const server = createServer(({ url = "", headers }, response) => {
    const { searchParams, pathname } = new URL(url, "http://x");
    response.setHeader("content-type", "application/json");
    if (headers.authorization !== "Bearer example-token") response.statusCode = 401;
    if (pathname === "/gone") response.writeHead(404).end('{"message":"no example-token here"}');
    else
      response.end(JSON.stringify({ things: [[1, 2], [3], []][Number(searchParams.get("page") ?? 1) - 1] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
