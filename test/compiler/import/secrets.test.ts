/** Secrets in every place of a recording and of a collection: none may come out, in any form, anywhere. */
import { describe, expect, it } from "vitest";
import { importText } from "./import-text.ts";

/** By their looks nobody could tell all of these from words: their places give them away. */
const secrets: Readonly<Record<string, string>> = {
  bearer: "canary-bearer-7Zp3kLw9",
  password: "correct horse!battery",
  short: "s3cr3t!",
  key: "canary-key-AbC123xYz",
  random: `q7Zp3kLw9XvB2nT4${"yHs8Rf6Gd1"}`,
  issued: `sk_live_${"4eC39HqLyjWDarjtT1zdp7dc"}`,
  cookie: "canary%2Fcookie-99aa",
  code: "canary-code-31337",
  jwt: `eyJhbGciOiJIUzI1NiJ9.${"eyJzdWIiOiJjYW5hcnkifQ"}.c2lnbmF0dXJlLWNhbmFyeQ`,
};
const { bearer, password, short, key, random, issued, cookie, code, jwt } = secrets as {
  [name: string]: string;
};
const basic = Buffer.from(`canary-user-1:${password}`).toString("base64");

async function leaks(source: object): Promise<readonly string[]> {
  const { connectors, refused } = await importText(source);
  const out = [
    JSON.stringify(refused),
    ...connectors.flatMap(({ files, lost }) => [JSON.stringify(lost), ...files.map(({ text }) => text)]),
  ]
    .join("\n")
    // Folded lines hide what they hold.
    .replace(/\s*\n\s*(?:# )?/g, " ");
  const forms = [...Object.values(secrets), basic, "canary-user-1"].flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    decodeURIComponent(secret),
  ]);
  return [...forms.filter((form) => out.includes(form)), ...(/canary/i.exec(out) ?? [])];
}

const jsonData = (value: unknown): object => ({ mimeType: "application/json", text: JSON.stringify(value) });
const header = (name: string, value: string | undefined): object => ({ name, value });

function har(...calls: readonly { request: object; response?: object }[]): object {
  return {
    log: {
      entries: calls.map(({ request, response }) => ({
        request: { method: "GET", headers: [], ...request },
        response: { status: 200, headers: [], content: jsonData({ ok: true }), ...response },
      })),
    },
  };
}

const api = "https://api.example.com/v1";

describe("secrets of a recording", () => {
  it.each<[string, object]>([
    [
      "headers",
      har({
        request: {
          url: `${api}/a`,
          headers: [
            header("Authorization", `Bearer ${bearer}`),
            header("X-Api-Key", key),
            header("X-Trace-Me", random),
            header("Referer", `https://app.example.com/?code=${code}`),
          ],
        },
      }),
    ],
    ["basic", har({ request: { url: `${api}/a`, headers: [header("Authorization", `Basic ${basic}`)] } })],
    [
      "an unknown scheme",
      har({
        request: { url: `${api}/a`, headers: [header("Authorization", bearer), header("X-Session", short)] },
      }),
    ],
    [
      "cookies",
      har({
        request: {
          url: `${api}/a`,
          cookies: [header("sid", cookie), header("theme", short)],
          headers: [header("Cookie", `sid=${cookie}`)],
        },
        response: { headers: [header("Set-Cookie", `next=${key}; Path=/`)] },
      }),
    ],
    [
      "the query",
      har({ request: { url: `${api}/a?api_key=${key}&access_token=${jwt}&q=${issued}&sig=${random}` } }),
    ],
    [
      "users in addresses",
      har({
        request: { url: `https://canary-user-1:${encodeURIComponent(password ?? "")}@api.example.com/v1/a` },
      }),
    ],
    [
      "paths",
      har(
        { request: { url: `${api}/reset/${random}/x` } },
        { request: { url: `${api}/hooks/${issued}` } },
        { request: { url: `${api}/t/${bearer}`, headers: [header("Authorization", `Bearer ${bearer}`)] } },
      ),
    ],
    [
      "hosts",
      har(
        { request: { url: `https://${random?.toLowerCase()}.example.com/a` } },
        {
          request: {
            url: `https://${bearer?.toLowerCase()}.example.com/a`,
            headers: [header("Authorization", `Bearer ${bearer?.toLowerCase()}`)],
          },
        },
      ),
    ],
    [
      "bodies",
      har({
        request: {
          method: "POST",
          url: `${api}/login`,
          postData: jsonData({
            user: "u",
            password,
            nested: { client_secret: short, pin: 918273, list: [{ token: bearer }] },
          }),
        },
        response: { content: jsonData({ access_token: jwt, session: { key }, refresh_token: code }) },
      }),
    ],
    [
      "forms",
      har(
        {
          request: {
            method: "POST",
            url: `${api}/token`,
            postData: {
              mimeType: "application/x-www-form-urlencoded",
              params: [
                header("grant_type", "password"),
                header("username", "canary-user-1"),
                header("password", password),
                header("scope", `read ${random}`),
              ],
            },
          },
          response: { content: jsonData({ access_token: bearer }) },
        },
        { request: { url: `${api}/a`, headers: [header("Authorization", `Bearer ${bearer}`)] } },
      ),
    ],
    [
      "names",
      har({
        request: {
          method: "POST",
          url: `${api}/n?${random}=1&${bearer}=2`,
          headers: [header("Authorization", `Bearer ${bearer}`)],
          postData: jsonData({ [bearer ?? ""]: 1, [issued ?? ""]: { a: 1 }, ok: 1 }),
        },
        response: { content: jsonData({ [key ?? ""]: { token: key }, [random ?? ""]: 2, fine: true }) },
      }),
    ],
    [
      "queries of GraphQL",
      har({
        request: {
          method: "POST",
          url: `${api}/graphql`,
          postData: jsonData({
            operationName: "In",
            query: `mutation In { login(password: "${short}", code: "${code}") { id } }`,
            variables: { token: bearer },
          }),
        },
      }),
    ],
    [
      "redirects and tokens of answers",
      har(
        {
          request: { url: `${api}/cb?state=1` },
          response: {
            status: 302,
            headers: [header("Location", `https://app.example.com/#access_token=${bearer}`)],
            content: { mimeType: "text/plain", text: bearer },
          },
        },
        { request: { url: `${api}/u/${bearer}` } },
      ),
    ],
    [
      "bodies of text",
      har({
        request: {
          method: "POST",
          url: `${api}/x`,
          postData: { mimeType: "text/xml", text: `<a password="${short}">${key}</a>` },
        },
      }),
    ],
    [
      "constant headers",
      har(
        { request: { url: `${api}/a`, headers: [header("X-Tenant", issued), header("X-Version", key)] } },
        { request: { url: `${api}/b`, headers: [header("X-Tenant", issued), header("X-Version", key)] } },
      ),
    ],
  ])("%s", async (_, source) => {
    expect(await leaks(source)).toEqual([]);
  });
});

const list = (entries: Readonly<Record<string, string | undefined>>): object[] =>
  Object.entries(entries).map(([name, value]) => ({ key: name, value }));

function collection(request: object, more: object = {}): object {
  return {
    info: { name: "Shop", schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" },
    item: [{ name: "One", request: { method: "POST", url: `${api}/one`, ...request } }],
    ...more,
  };
}

const raw = (text: string, language = "json"): object => ({
  body: { mode: "raw", raw: text, options: { raw: { language } } },
});

describe("secrets of a collection", () => {
  it.each<[string, object]>([
    [
      "auth of every type",
      {
        ...collection({}),
        item: Object.entries({
          bearer: { token: bearer },
          basic: { username: "canary-user-1", password },
          apikey: { key: "X-Key", value: key },
          oauth2: {
            accessToken: bearer,
            clientSecret: key,
            clientId: "canary-client-77",
            accessTokenUrl: "https://id.example.com/t",
            grant_type: "client_credentials",
            password,
            scope: `a ${random}`,
          },
          oauth1: { consumerKey: "canary-ck-1", consumerSecret: key, tokenSecret: short, realm: issued },
          awsv4: { accessKey: "canary-ak-1", secretKey: random, sessionToken: jwt, service: "s3" },
          jwt: {
            secret: short,
            payload: JSON.stringify({ iss: "canary-iss-1", password }),
            algorithm: "HS256",
          },
          hawk: { authKey: key, authId: "canary-hawk-1" },
        }).map(([type, settings]) => ({
          name: type,
          request: { url: `${api}/${type}`, auth: { type, [type]: list(settings) } },
        })),
      },
    ],
    [
      "headers",
      collection({
        header: list({
          Authorization: `Bearer ${bearer}`,
          "X-Api-Key": key,
          Cookie: `sid=${cookie}; a=${short}`,
          "X-Any": issued,
          "X-Token": `Token ${short}`,
        }),
      }),
    ],
    [
      "basic, written out",
      collection({
        header: list({ Authorization: `Basic ${basic}` }),
        description: `Log in as canary-user-1 with ${password}`,
      }),
    ],
    [
      "the query",
      collection({
        url: {
          raw: `${api}/one?api_key=${key}&q=${issued}&token=${short}`,
          query: list({ api_key: key, q: issued, token: short, sig: random }),
        },
      }),
    ],
    [
      "addresses",
      collection({
        url: `https://canary-user-1:${encodeURIComponent(password ?? "")}@api.example.com/t/${issued}/${random}?client_secret=${short}`,
      }),
    ],
    [
      "variables",
      collection(
        { url: "{{baseUrl}}/{{tenant}}/{{id}}?x={{x}}" },
        {
          variable: [
            ...list({
              baseUrl: `https://api.example.com/?key=${key}`,
              apiToken: short,
              x: random,
              tenant: issued,
              id: jwt,
            }),
            { key: "plain", value: code, type: "secret" },
            { key: "other", value: `see ${code}` },
          ],
        },
      ),
    ],
    [
      "bodies of JSON",
      collection(
        raw(
          JSON.stringify({
            password,
            user: "u",
            deep: { client_secret: short, list: [{ token: bearer }] },
            note: issued,
          }),
        ),
      ),
    ],
    ["JSON with variables", collection(raw(`{ "password": "${short}", "n": {{n}}, "k": "${random}" }`))],
    [
      "documents",
      collection(raw(`<a><Name>{{n}}</Name><Password>${password}</Password><k id="${key}"/></a>`, "xml")),
    ],
    ["texts", collection(raw(`user={{n}} password=${short} token: "${key}"`, "text"))],
    [
      "forms",
      collection({
        body: { mode: "urlencoded", urlencoded: list({ password, note: issued, refresh_token: code }) },
      }),
    ],
    ["multipart", collection({ body: { mode: "formdata", formdata: list({ secret: short, k: random }) } })],
    [
      "GraphQL",
      collection({
        body: {
          mode: "graphql",
          graphql: {
            query: `mutation { in(password: "${short}", x: "${issued}") { id } }`,
            variables: JSON.stringify({ token: bearer }),
          },
        },
      }),
    ],
    [
      "scripts",
      collection(
        {},
        {
          event: [
            {
              listen: "prerequest",
              script: { exec: [`pm.environment.set("token", "${bearer}")`, `const k = "${key}"`] },
            },
          ],
        },
      ),
    ],
    [
      "saved answers",
      {
        ...collection({}),
        item: [
          {
            name: "One",
            request: { url: `${api}/one` },
            response: [
              {
                code: 200,
                header: list({ "Set-Cookie": `s=${cookie}` }),
                body: JSON.stringify({
                  access_token: bearer,
                  [bearer ?? ""]: 1,
                  user: { api_key: key, [issued ?? ""]: 2 },
                }),
                originalRequest: { url: `${api}/one?key=${key}` },
              },
            ],
          },
        ],
      },
    ],
    [
      "names and descriptions",
      {
        ...collection({
          header: list({ Authorization: `Bearer ${bearer}` }),
          description: `curl -H 'Authorization: Bearer ${bearer}' with ${issued} and ${random}`,
        }),
        info: {
          name: `Shop ${bearer}`,
          description: `Key ${issued}; password: "${short}"`,
          schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
        },
      },
    ],
  ])("%s", async (_, source) => {
    expect(await leaks(source)).toEqual([]);
  });
});
