import { describe, expect, test } from "vitest";
import { chained, findings, messages } from "./listing.ts";

const session = `- step_name: session
  endpoint: /session
  body: { user: "{username}", pass: "{password}" }
  extract: { session_id: "$.session.id" }
`;
const token = `- step_name: token
  endpoint: /token
  headers: { X-Session: "{session_id}" }
  extract: { token: "$.token" }
`;
const warning = (rule: string, at: string): readonly unknown[] => [
  { rule: `chain/${rule}`, severity: "warning", at },
];

test("a chain in which all is used once has no finding", async () => {
  expect(await findings(chained(session + token))).toEqual([]);
});

describe("names that mean two things", () => {
  test("an extract with the name of what the user gives", async () => {
    const text = chained(session + token.replace("token: ", "password: "), { final: "password" });
    expect(await findings(text)).toEqual(warning("shadowed-name", "password"));
  });

  test("an extract with the name of a setting", async () => {
    const rest = "connection_config:\n  - { key: session_id, label: Session }\n";
    const told = await findings(chained(session + token, { rest }));
    expect(told.filter(({ rule }) => rule.startsWith("chain/"))).toEqual(
      warning("shadowed-name", "session_id"),
    );
  });

  test("two steps that both say how long they live are no namesakes", async () => {
    const life = (text: string): string => text.replace(" }\n", ', expires_in: "$.expires_in" }\n');
    const steps = [session, token].map((step) => step.replace(/extract: .*\n/, life)).join("");
    expect(await findings(chained(steps))).toEqual([]);
  });

  test("the token that an OAuth profile also takes from elsewhere is meant to have its name", async () => {
    const steps = session + token.replace("token: ", "access_token: ");
    const text = chained(steps, {
      final: "access_token",
      profile: "",
    }).replaceAll("bearer", "service_account");
    expect(await findings(text)).toEqual([]);
  });
});

describe("how long values are kept", () => {
  test.each([
    [60, true],
    [59, false],
    [1, false],
  ])("%i seconds: enough is %s", async (seconds, enough) => {
    const text = chained(`${session + token}  ttl_seconds: ${seconds}\n`);
    expect(await findings(text)).toEqual(enough ? [] : warning("short-life", String(seconds)));
  });

  test("the message says how often the credential would be fetched", async () => {
    expect(await messages(chained(`${session + token}  ttl_seconds: 10\n`))).toEqual([
      "Kept for 10 seconds and renewed after 9 seconds: up to 400 calls an hour for the credential alone.",
    ]);
  });

  test.each([3_600_000, 300_000, 86_400_000])("%i looks like milliseconds", async (seconds) => {
    const text = chained(`${session + token}  ttl_seconds: ${seconds}\n`);
    expect(await findings(text)).toEqual(warning("ttl-unit", String(seconds)));
  });

  test.each([3600, 7200, 86_400, 604_800, 2_592_000, 7_776_000, 31_536_000, 2_160_000])(
    "%i does not",
    async (seconds) => {
      expect(await findings(chained(`${session + token}  ttl_seconds: ${seconds}\n`))).toEqual([]);
    },
  );

  test("a life that the answer says is not overruled unnoticed", async () => {
    const step = token.replace('"$.token" }', '"$.token", expires_in: "$.expires_in" }');
    expect(await findings(chained(`${session + step}  ttl_seconds: 3600\n`))).toEqual(
      warning("life-conflict", "3600"),
    );
    expect(await findings(chained(`${session + step}  ttl_seconds: 3600\n  ttl_from: expires_in\n`))).toEqual(
      warning("life-conflict", "3600"),
    );
    expect(await findings(chained(session + step))).toEqual([]);
  });

  test.each([
    ["kind: expires_in, unit: date", "date"],
    ["kind: jwt_exp, unit: seconds", "seconds"],
  ])("a unit that { %s } does not have", async (from, at) => {
    const step = token.replace('"$.token" }', '"$.token", expires_in: "$.expires_in" }');
    const steps = `${session + (from.includes("jwt") ? token : step)}  ttl_from: { ${from} }\n`;
    expect(await findings(chained(steps))).toEqual(warning("life-unit", at));
  });

  test("a step is not kept for longer than one that it uses, through others as well", async () => {
    const between = `- step_name: grant
  endpoint: /grant
  headers: { X-Session: "{session_id}" }
  extract: { grant: "$.grant" }
`;
    const last = `${token.replace("{session_id}", "{grant}")}  ttl_seconds: 86400\n`;
    const text = chained(`${session}  ttl_seconds: 3600\n${between}${last}`);
    expect(await findings(text)).toEqual(warning("outlives-input", "86400"));
    expect(await findings(chained(`${session}  ttl_seconds: 86400\n${between}${last}`))).toEqual([]);
    expect(await findings(chained(`${session}${between}${last}`))).toEqual([]);
  });

  test.each([
    ["{uuid()}", "{uuid()}"],
    ["eu-{hex(sha256({now(unix)}))}", "{now(unix)}"],
    ["{now()}", "{now()}"],
  ])("a cache key %s is another one each time", async (key, at) => {
    const told = await findings(chained(`${session + token}  cache_key: "${key}"\n`));
    expect(told).toEqual(warning("volatile-cache-key", at));
  });

  test.each(["{username}", "{now(date)}"])("a cache key %s is found again", async (key) => {
    expect(await findings(chained(`${session + token}  cache_key: "${key}"\n`))).toEqual([]);
  });

  test("a signature over the time in a cached step is as it should be", async () => {
    const signed = session.replace(
      'pass: "{password}"',
      'pass: "{hex(hmac_sha256({password}, {now(unix)}))}", nonce: "{uuid()}"',
    );
    expect(await findings(chained(`${signed + token}  ttl_seconds: 3600\n`))).toEqual([]);
  });
});

describe("what a chain is run for", () => {
  test("a step cannot need the token that the chain is to give", async () => {
    const text = chained(session + token.replace("{session_id}", "{session_id}{oauth.access_token}"));
    expect(await findings(text)).toEqual([
      { rule: "chain/circular", severity: "error", at: "{oauth.access_token}" },
    ]);
  });

  test("what it gives goes somewhere", async () => {
    const profile = 'auth_headers: { X-User: "{username}" }';
    expect(await findings(chained(session + token, { profile }))).toEqual(
      warning("unplaced-credential", "login"),
    );
  });

  test.each([
    ["a placement of the profile", { profile: 'auth_headers: { X-Token: "{token}" }' }],
    [
      "an operation's own placement",
      {
        profile: 'auth_headers: { X-User: "{username}" }',
        operation: 'auth_headers: { X-Token: "{token}" }',
      },
    ],
    [
      "an operation's own header",
      {
        profile: 'auth_headers: { X-User: "{username}" }',
        operation: 'headers: { X-Token: "{chain.token}" }',
      },
    ],
    [
      "a test",
      {
        profile:
          'auth_headers: { X-User: "{username}" }\ntest_endpoint: { url: /me, headers: { X-Token: "{token}" } }',
      },
    ],
  ])("%s takes it", async (_, parts) => {
    const told = await findings(chained(session + token, parts));
    expect(told.filter(({ rule }) => rule.startsWith("chain/"))).toEqual([]);
  });

  test("a chain that no profile names is of no use", async () => {
    const text = chained(session + token).replace("    credential_chain_id: login\n", "");
    const told = await findings(text);
    expect(told.filter(({ rule }) => rule === "chain/unused")).toEqual(warning("unused", "login"));
  });

  test("a step that gives only its own life is of no use", async () => {
    const ping =
      '- step_name: ping\n  endpoint: /ping\n  extract: { life: "$.life" }\n  ttl_from: { kind: expires_in, extract: life }\n';
    expect(await findings(chained(ping + session + token))).toEqual(warning("unused-step", "ping"));
  });
});
