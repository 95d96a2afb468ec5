import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compile } from "../../compiler/index.ts";
import type { Connector, Exchange, Hole, Operation, Template } from "../../schema/ir.ts";

const base = readFileSync(new URL("../support/base.yaml", import.meta.url), "utf8");

async function irOf(text: string): Promise<Connector> {
  const { ir, diagnostics } = await compile(text);
  if (!ir) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return ir;
}

const operation = (ir: Connector, id: string): Operation => {
  const found = ir.operations.find((one) => one.id === id);
  if (!found) throw new Error(`no operation ${id}`);
  return found;
};

/** A template as one would read it: `{kind name | context}`. */
function shown(template: Template): string {
  return template.parts.map((part) => (typeof part === "string" ? part : hole(part))).join("");
}

function hole(part: Hole): string {
  if (part.kind === "call") return `{${part.function}(${part.args.map(shown).join(", ")}) | ${part.context}}`;
  const { symbol } = part;
  const name =
    "name" in symbol
      ? symbol.name
      : "key" in symbol
        ? symbol.key
        : symbol.kind === "request"
          ? symbol.part
          : "";
  return `{${symbol.kind}${name ? ` ${name}` : ""}${part.optional ? "?" : ""} | ${part.context}}`;
}

function urlOf({ url }: Exchange): string {
  const { origin } = url;
  const start =
    origin.kind === "literal"
      ? origin.origin
      : origin.kind === "base"
        ? shown(origin.base)
        : `${origin.scheme}://${shown(origin.authority)}`;
  return start + shown(url.path);
}

test("a relative endpoint stands behind base_url, and each hole knows its place in the URL", async () => {
  const ir = await irOf(base);
  expect(urlOf(operation(ir, "get_ticket").exchange)).toBe(
    "https://{setting region | host}.desk.example.com/api/tickets/{parameter ticket_id | path}",
  );
});

test.each([
  ["https://{domain}/x", "https://{setting domain | authority}/x"],
  ["https://{domain}:8443/x", "https://{setting domain | authority}:8443/x"],
  ["https://api.example.com:{port}/x", "https://api.example.com:{setting port | port}/x"],
  ["{root}/x", "{setting root | base_url}/x"],
  ["{scheme}://{domain}/x", "{setting scheme | base_url}://{setting domain | base_url}/x"],
  ["https://API.example.com:443", "https://api.example.com/"],
  ["https://api.example.com/a%20b/ü", "https://api.example.com/a%20b/%C3%BC"],
  ["https://api.example.com/a%2Fb", "https://api.example.com/a%2Fb"],
])("the endpoint %s", async (endpoint, url) => {
  const ir = await irOf(
    base.replace(
      "    endpoint: /tickets\n    method: POST",
      () => `    endpoint: ${JSON.stringify(endpoint)}\n    method: POST`,
    ),
  );
  expect(urlOf(operation(ir, "create_ticket").exchange)).toBe(url);
});

test("the query of an endpoint keeps the author's encoding, a query map is encoded", async () => {
  const ir = await irOf(
    base.replace(
      "    endpoint: /tickets\n    method: POST",
      '    endpoint: "/tickets?a=1%202&b={region}&c"\n    query: { d: "x y&z" }\n    method: POST',
    ),
  );
  const { query } = operation(ir, "create_ticket").exchange;
  expect(
    query.map((entry) => (entry.kind === "template" ? `${entry.name}=${shown(entry.value)}` : entry.name)),
  ).toEqual(["a=1%202", "b={setting region | query}", "c=", "d=x%20y%26z"]);
});

test("body parameters stand at their path; a hole of the body takes one out of the merge", async () => {
  const ir = await irOf(
    base.replace(
      "    idempotency:\n",
      '    body: { title: "{subject}", fixed: [1, "{region}-x"] }\n    idempotency:\n',
    ),
  );
  expect(operation(ir, "create_ticket").exchange.body?.root).toMatchObject({
    kind: "object",
    entries: [
      { key: "title", value: { kind: "value", hole: { symbol: { kind: "parameter", name: "subject" } } } },
      { key: "fixed", value: { kind: "list", items: [{ kind: "literal", value: 1 }, { kind: "template" }] } },
      { key: "fields", value: { kind: "object", entries: [{ key: "priority", value: { kind: "value" } }] } },
    ],
  });
});

test("credentials go where the operation says, else the profile, else the type's own place", async () => {
  const ir = await irOf(base);
  const headers = (id: string): string[] =>
    operation(ir, id).auth.map(
      ({ profile, placement }) =>
        `${profile}: ${placement.headers.map((entry) => (entry.kind === "template" ? `${entry.name}: ${shown(entry.value)}` : "")).join(", ")}`,
    );
  expect(headers("list_tickets")).toEqual([
    "api_key: Authorization: Basic {base64({credential email | raw}:{credential api_key | raw}) | header}",
    "login: Authorization: Bearer {token | header}",
  ]);
  expect(headers("create_ticket")).toEqual([
    "oauth2_client_credentials: Authorization: Bearer {token | header}",
  ]);
});

test("an operation's own headers serve the alternatives whose names they use", async () => {
  const ir = await irOf(
    base.replace(
      "    auth_type_ref: [api_key, login]\n",
      '    auth_type_ref: [api_key, login]\n    auth_headers: { X-Key: "{api_key}" }\n',
    ),
  );
  expect(
    operation(ir, "list_tickets").auth.map(({ placement }) => placement.headers.map(({ name }) => name)),
  ).toEqual([["X-Key"], ["Authorization"]]);
});

test("a chain's step knows its inputs and its life", async () => {
  const ir = await irOf(base);
  const source = ir.profiles.find(({ id }) => id === "login")?.source;
  expect(
    source?.kind === "chain" &&
      source.steps.map(({ name, life, inputs }) => ({
        name,
        life,
        inputs: inputs.map((s) => ("key" in s ? s.key : "name" in s ? s.name : s.kind)),
      })),
  ).toEqual([
    { name: "session", life: { kind: "fixed", seconds: 86400 }, inputs: ["region", "username", "password"] },
    {
      name: "token",
      life: { kind: "expires_in", name: "expires_in", unit: "seconds" },
      inputs: ["region", "session_id"],
    },
  ]);
});

test("client credentials are one step with a form body, or a Basic header where the client says so", async () => {
  const tokenStep = async (text: string): Promise<Exchange | undefined> => {
    const source = (await irOf(text)).profiles.find(
      ({ type }) => type === "oauth2_client_credentials",
    )?.source;
    return source?.kind === "oauth2" ? source.steps[0]?.exchange : undefined;
  };
  const keys = (exchange: Exchange | undefined): string[] =>
    exchange?.body?.root.kind === "object" ? exchange.body.root.entries.map(({ key }) => key) : [];
  const inBody = await tokenStep(base);
  expect(keys(inBody)).toEqual(["grant_type", "scope", "client_id", "client_secret"]);
  const basic = await tokenStep(
    base.replace("      scopes: [read, write]\n", "      scopes: [read, write]\n      client_auth: basic\n"),
  );
  expect(keys(basic)).toEqual(["grant_type", "scope"]);
  expect(basic?.headers.map(({ name }) => name)).toContain("Authorization");
});

test("limits: all unnamed ones without a scope, the named one by its name, unnamed ones by their scope", async () => {
  const limits = async (scope: string): Promise<readonly number[]> =>
    operation(await irOf(base.replace("rate_limit_scope: reads", scope)), "list_tickets").limits;
  expect(await limits("x-none: 1")).toEqual([0]);
  expect(await limits("rate_limit_scope: reads")).toEqual([1]);
  expect(await limits("rate_limit_scope: per_account")).toEqual([0]);
  expect(await limits("rate_limit_scope: [reads, per_account]")).toEqual([0, 1]);
});

test("what may be repeated follows from the method, unless the descriptor says otherwise", async () => {
  const ir = await irOf(base);
  const traits = (id: string): unknown => {
    const { idempotent, side_effecting, destructive, idempotency_header } = operation(ir, id);
    return { idempotent, side_effecting, destructive, idempotency_header };
  };
  expect(traits("get_ticket")).toEqual({
    idempotent: true,
    side_effecting: false,
    destructive: false,
    idempotency_header: undefined,
  });
  expect(traits("create_ticket")).toEqual({
    idempotent: false,
    side_effecting: true,
    destructive: false,
    idempotency_header: "Idempotency-Key",
  });
});

test("an api_key with a chain sends the final credential as a bearer token (the core reference's Securonix example)", async () => {
  const ir = await irOf(
    base.replace("  - profile_id: login\n    type: bearer\n", "  - profile_id: login\n    type: api_key\n"),
  );
  expect(operation(ir, "list_tickets").auth[1]?.placement.headers[0]).toMatchObject({
    name: "Authorization",
    value: { parts: ["Bearer ", { kind: "ref", symbol: { kind: "token" } }] },
  });
});

test("origins are those that the descriptor names for the profile", async () => {
  const ir = await irOf(
    base.replace(
      "    endpoint: /tickets\n    summary: List tickets",
      '    endpoint: "https://search.example.com/tickets"\n    summary: List tickets',
    ),
  );
  const origins = (id: string): string[] =>
    (ir.profiles.find((p) => p.id === id)?.origins ?? []).map((o) =>
      o.kind === "literal" ? o.origin : o.kind === "host" ? shown(o.authority) : shown(o.base),
    );
  expect(origins("api_key")).toEqual([
    "{setting region | host}.desk.example.com",
    "https://search.example.com",
  ]);
});

test("the content hash names the content: the same for another layout, another for another meaning", async () => {
  const [a, b, c] = await Promise.all([
    irOf(base),
    irOf(`# a comment\n${base}`),
    irOf(base.replace("limit: 100", "limit: 101")),
  ]);
  expect(a?.content_hash).toMatch(/^[0-9a-f]{64}$/);
  expect(b?.content_hash).toBe(a?.content_hash);
  expect(c?.content_hash).not.toBe(a?.content_hash);
});

test("a setting that a chain requires stays a setting", async () => {
  const ir = await irOf(
    base.replace(
      "initial_credentials_required: [username, password]",
      "initial_credentials_required: [username, password, region]",
    ),
  );
  const profile = ir.profiles.find(({ id }) => id === "login");
  expect(profile?.fields.map(({ key }) => key)).toEqual(["username", "password"]);
});

test("a signed client assertion goes in the place of the secret", async () => {
  const ir = await irOf(
    base
      .replace(
        "  - type: oauth2_client_credentials\n",
        "  - type: oauth2_client_credentials\n    fields: [{ key: client_id, label: Client }, { key: private_key, label: Key, secret: true }]\n",
      )
      .replace(
        "      scopes: [read, write]\n",
        '      scopes: [read, write]\n      client_auth: private_key_jwt\n      client_assertion: { key: "{private_key}", algorithm: ES256, key_id: k1 }\n',
      )
      .replace(
        'token_url: "https://{region}.desk.example.com/oauth/token"',
        'token_url: "https://id.example.com/token"',
      ),
  );
  const source = ir.profiles.find(({ type }) => type === "oauth2_client_credentials")?.source;
  if (source?.kind !== "oauth2") throw new Error("no OAuth source");
  const [step] = source.steps;
  expect(step?.exchange.body?.root).toMatchObject({
    entries: [
      { key: "grant_type" },
      { key: "scope" },
      { key: "client_id" },
      { key: "client_assertion_type" },
      {
        key: "client_assertion",
        value: { template: { parts: [{ symbol: { kind: "grant", name: "assertion" } }] } },
      },
    ],
  });
  expect(step?.assertion).toMatchObject({
    algorithm: "ES256",
    key_id: { parts: ["k1"] },
    ttl_seconds: 300,
    claims: {
      entries: [
        { key: "iss", value: { hole: { symbol: { kind: "credential", key: "client_id" } } } },
        { key: "sub", value: { hole: { symbol: { kind: "credential", key: "client_id" } } } },
        { key: "aud", value: { kind: "literal", value: "https://id.example.com/token" } },
        { key: "jti", value: { hole: { function: "uuid" } } },
      ],
    },
  });
});
