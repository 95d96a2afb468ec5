/**
 * Descriptors of real APIs as an author writes them, from the language's pages alone: each is compiled, signed in to
 * where it takes a person, called, and called again when its token has ended.
 */
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import {
  createCertificate,
  json,
  type ReceivedRequest,
  type Reply,
  text,
} from "../../../runtime/testing/index.ts";
import { irOf } from "../line.ts";
import { type Bench, redirectUri } from "../nango/run.ts";

/** A descriptor without what is the same in all of them, and what the API would answer. */
export interface Provider {
  readonly slug: string;
  readonly connection_config?: readonly { readonly key: string }[];
  readonly operations?: readonly unknown[];
  readonly authentication: readonly { readonly type: string }[];
  /** Settings, and fields other than the usual ones. */
  readonly "x-config"?: Readonly<Record<string, string>>;
  readonly "x-given"?: Readonly<Record<string, string>>;
  /** What the calls before the operation get, in their order; `~` for the usual token. */
  readonly "x-answers"?: readonly unknown[];
  /** What the redirect brings besides code and state; the name of the code. */
  readonly "x-redirect"?: string;
  readonly "x-code"?: string;
}

export function readProviders(): readonly Provider[] {
  const source = readFileSync(new URL("providers.yaml", import.meta.url), "utf8");
  const documents = parseAllDocuments(source);
  return Array.isArray(documents) ? documents.map((document): Provider => document.toJS()) : [];
}

const pem = (pair: { readonly privateKey: { export(options: object): string | Buffer } }): string =>
  String(pair.privateKey.export({ type: "pkcs8", format: "pem" }));
const keys = {
  rsa: pem(generateKeyPairSync("rsa", { modulusLength: 2048 })),
  ec: pem(generateKeyPairSync("ec", { namedCurve: "P-256" })),
};

const client = createCertificate({ hosts: ["client"] });

const usual = { access_token: "tok", refresh_token: "ref/+ 1", expires_in: 3600, token_type: "Bearer" };
const login: ReadonlySet<string> = new Set(["access_token", "refresh_token", "expires_at"]);

/** The source of a provider's descriptor. */
export function descriptorText(provider: Provider): string {
  const { slug, operations, authentication, ...rest } = provider;
  const [profile] = authentication;
  return JSON.stringify({
    metadata: { name: `API ${slug}`, slug, description: `The API of ${slug}.`, publisher: "Tests" },
    ...rest,
    authentication,
    operations: operations ?? [
      { operation_id: "probe", endpoint: "/probe", summary: "Probe", auth_type_ref: profile?.type },
    ],
  });
}

/** The requests that arrive, as text, the consent page first. */
export async function requestsOf(bench: Bench, provider: Provider): Promise<string> {
  const ir = await irOf(descriptorText(provider));
  const [profile] = ir.profiles;
  const given = provider["x-given"] ?? {};
  const fields = (profile?.fields ?? []).filter(({ key }) => !login.has(key) || key in given);
  const loggedInBy = (key: string): boolean =>
    profile?.type === "oauth1" && key.startsWith("token") && !(key in given);
  const credentials = Object.fromEntries(
    fields.filter(({ key }) => !loggedInBy(key)).map(({ key }) => [key, given[key] ?? sample(provider, key)]),
  );
  const before = bench.server.requests.length;
  const answers = [...(provider["x-answers"] ?? [])];
  bench.server.reply((request) => answerTo(request, answers));
  const connection = bench.runtime.connect(ir, {
    credentials,
    config: provider["x-config"] ?? {},
    identity: { tenant: provider.slug },
  });
  const pages: string[] = [];
  if (profile?.login && !("refresh_token" in given) && !("token" in given)) {
    const begun = await connection.authorize({ redirectUri });
    pages.push(`PAGE ${begun.url}`);
    const more = provider["x-redirect"] === undefined ? "" : `&${provider["x-redirect"]}`;
    await begun.complete(
      `${redirectUri}?${provider["x-code"] ?? "code"}=code%2F1&state=${begun.state}${more}`,
    );
  }
  await connection.call("probe");
  if (profile?.login && profile.login.kind !== "oauth1") {
    bench.clock.jump(7_300_000);
    await connection.call("probe");
  }
  const requests = bench.server.requests.slice(before).map(shown);
  return [...pages, ...requests].map(withoutChance).join("\n\n");
}

function sample({ slug, authentication }: Provider, key: string): string {
  if (key === "private_key")
    return authentication.some((profile) => JSON.stringify(profile).includes("ES256")) ? keys.ec : keys.rsa;
  if (key === "service_account_json")
    return JSON.stringify({
      type: "service_account",
      client_email: "robot@acme.example.com",
      private_key: keys.rsa,
      private_key_id: "kid-1",
    });
  if (key === "certificate") return client.cert;
  if (key === "certificate_key") return client.key;
  if (/secret|password|api_key|app_key/.test(key)) return `${slug}-${key}/+=&`;
  return `${slug}-${key}`;
}

function answerTo(request: ReceivedRequest, answers: unknown[]): Reply {
  const isProbe = /\/(probe|Balance|xmlgw\.phtml)(\?|$)/.test(request.target) || answers.length === 0;
  const answer = isProbe && !request.text.includes("getAPISession") ? undefined : answers.shift();
  if (answer && typeof answer === "object" && "xml" in answer)
    return { ...text(String(answer.xml)), headers: { "content-type": "text/xml" } };
  if (/probe/.test(request.target)) return json(1);
  return json(answer ?? usual);
}

const everywhere: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "connection",
  "content-length",
  "host",
  "user-agent",
  "x-meant-for",
]);

function shown({ method, target, headers, text: body }: ReceivedRequest): string {
  const isOwn = (name: string, value: string | undefined): boolean =>
    !everywhere.has(name) || (name === "user-agent" && value?.startsWith("connectorc") === false);
  const lines = Object.entries(headers)
    .filter(([name, value]) => isOwn(name, String(value)))
    .map(([name, value]) => `${name}: ${String(value)}`)
    .sort();
  return [
    `${method} ${String(headers["x-meant-for"])}${target}`,
    ...lines,
    ...(body === "" ? [] : [body]),
  ].join("\n");
}

/** What differs each time: signed tokens by what they say, random values by a word. */
function withoutChance(request: string): string {
  return request
    .replace(/(eyJ[\w-]+)\.(eyJ[\w-]+)\.[\w-]+/g, (_, header: string, claims: string) =>
      [header, claims].map((part) => Buffer.from(part, "base64url").toString()).join("."),
    )
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "(random)")
    .replace(/(state|code_challenge|code_verifier)=[\w-]{20,}/g, "$1=($1)")
    .replace(/(code_verifier":")[\w-]{20,}/g, "$1(code_verifier)")
    .replace(/(oauth_(?:nonce|signature)=")[^"]+/g, "$1(random)");
}
