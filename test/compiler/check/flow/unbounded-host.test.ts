import { describe, expect, it } from "vitest";
import { compile } from "../../../../compiler/index.ts";
import type { Scope } from "../../../../runtime/request/scope.ts";
import { compileOrigin } from "../../../../runtime/request/url.ts";
import { descriptor, told } from "./told.ts";

const desk = (base: string, field: string): string =>
  descriptor(`
base_url: "${base}"
connection_config: [{ key: site${field === "" ? "" : `, ${field}`} }]
authentication: [{ type: bearer }]
operations:
  - { operation_id: me, summary: Me, auth_type_ref: bearer, endpoint: /me }
`);

async function finding(base: string, field: string): Promise<string | undefined> {
  const { diagnostics } = await compile(desk(base, field));
  return diagnostics.find(({ rule }) => rule === "url/unbounded-host")?.message;
}

const none: ReadonlyMap<string, unknown> = new Map();
const emptyScope: Scope = {
  parameters: none,
  settings: none,
  credentials: { fields: none, extracts: none, oauth: none, token: undefined, renewAt: 0, until: 0 },
  random: { next: () => 0, bytes: (length) => new Uint8Array(length), uuid: () => "" },
  time: { wall: () => 0 },
};

/** The origin that the runtime makes of a value; undefined where it refuses. */
async function reached(base: string, value: string): Promise<string | undefined> {
  const { ir } = await compile(desk(base, ""));
  const origin = ir?.operations[0]?.exchange.url.origin;
  if (!origin) throw new Error("no origin");
  try {
    return compileOrigin(origin)({ ...emptyScope, settings: new Map([["site", value]]) }).origin;
  } catch {
    return undefined;
  }
}

const label = "https://{site}.desk.com";
const tail = "https://api.{site}";
const authority = "https://{site}";
const whole = "{site}";

describe("a host that a setting fills in", () => {
  it("is told at the setting, with where it becomes part of the host", async () => {
    expect(await told(desk(label, ""), "url/unbounded-host")).toEqual([
      {
        rule: "url/unbounded-host",
        severity: "warning",
        at: "site",
        way: ["2 {site}: `site` becomes a label of the host here"],
      },
    ]);
    expect(await told(desk(whole, "pattern: 'https://.+'"), "url/unbounded-host")).toMatchObject([
      { at: "'https://.+'", way: ["2 {site}: `site` becomes the whole host here"] },
    ]);
  });

  it.each([
    [label, "evil", "https://evil.desk.com"],
    [tail, "evil.example", "https://api.evil.example"],
    [authority, "evil.example", "https://evil.example"],
    [whole, "https://evil.example", "https://evil.example"],
  ])("without a bound leads where the runtime lets it: %s", async (base, value, origin) => {
    expect(await finding(base, "")).toContain(`\`${value}\` would`);
    expect(await reached(base, value)).toBe(origin);
  });

  it.each([
    [label, "pattern: '[a-z0-9-]+'"],
    [label, "pattern: '(?:eu|us)[0-9]?'"],
    [label, "format: subdomain"],
    [label, "enum: [eu, us]"],
    [label, "field_type: integer"],
    [tail, "format: hostname"],
    [tail, "pattern: '[a-z0-9-]+\\.okta\\.com'"],
    [authority, "pattern: '[a-z0-9.-]+(:[0-9]+)?'"],
    [whole, "format: uri"],
    [whole, "pattern: 'https://[a-z0-9-]+\\.okta\\.com'"],
    [whole, "pattern: '^https://[a-z0-9-]+\\.okta(preview)?\\.com$'"],
    [whole, "pattern: 'https?://[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(:[0-9]{1,5})?'"],
    ["https://desk.com:{site}", ""],
  ])("is bounded: %s by %s", async (base, field) => {
    expect(await finding(base, field)).toBeUndefined();
  });

  it.each([
    ["'.*'", "/", "evil.example/#"],
    ["'[^/]+'", ".", "evil.example"],
    ["'[a-z@]+'", "@", "evil@x"],
    ["'[a-z0-9:]+'", ":", "evil:1"],
    ["'acme-.+'", "/", "acme-a/#"],
    ["'(?:a|b|c|d|e|f|g|h|i)*(.|x)+'", "/", "evil.example/#"],
  ])(
    "has a label whose pattern %s lets %s through, which the runtime refuses later",
    async (pattern, character, value) => {
      const message = await finding(label, `pattern: ${pattern}`);
      expect(message).toContain(`lets \`${character}\` through`);
      expect(message).toContain(`\`${value}\` is refused only when a call is made`);
      expect(await reached(label, value)).toBeUndefined();
    },
  );

  it.each([
    [tail, "'.+'", "/"],
    [authority, "'[^ ]+'", "/"],
    [authority, "'[^/]+'", "#"],
    [whole, "'https://.+'", "/"],
    [whole, "'(https://)?\\S+'", "/"],
  ])("has a pattern that bounds no host: %s by %s", async (base, pattern, character) => {
    expect(await finding(base, `pattern: ${pattern}`)).toContain(
      `bounds no host: it lets \`${character}\` through`,
    );
  });

  it.each([
    [tail, "'[a-z0-9-]+.okta.com'", "evilokta.com", "https://api.evilokta.com"],
    [authority, "'.*okta\\.com'", "evilokta.com", "https://evilokta.com"],
    [authority, "'[a-z]+\\.okta\\.com.*'", "a.okta.com.evil.example", "https://a.okta.com.evil.example"],
    [whole, "'https://.*\\.okta\\.com'", "https://evil.example/.okta.com", "https://evil.example"],
    [whole, "'https://[a-z-]+.okta\\.com'", "https://evilokta.com", "https://evilokta.com"],
  ])("has a pattern that means a domain and misses it: %s by %s", async (base, pattern, value, origin) => {
    const message = await finding(base, `pattern: ${pattern}`);
    expect(message).toContain(`does not keep it at okta.com: \`${value}\` fits`);
    expect(await reached(base, value)).toBe(origin);
  });

  it("is a credential field as well", async () => {
    const text = desk("https://desk.com", "format: uri").replace(
      "{ type: bearer }",
      "{ type: bearer, fields: [{ key: token, label: T, field_type: secret }, { key: host, label: H }] }",
    );
    expect(
      await told(text.replace("endpoint: /me", 'endpoint: "https://{host}/me"'), "url/unbounded-host"),
    ).toMatchObject([{ at: "host", way: ["6 {host}: `host` becomes the whole host here"] }]);
  });

  it("answers for a pattern that would backtrack for ever", async () => {
    expect(await finding(label, "pattern: '(([a-z])+.)+[A-Z]([a-z])+(x+x+)+y'")).toBeUndefined();
  });
});
