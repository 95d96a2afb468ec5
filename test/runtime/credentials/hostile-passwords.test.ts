import { describe, expect, onTestFinished, test } from "vitest";
import { createRuntime, type Outcome } from "../../../runtime/index.ts";
import { type ReceivedRequest, startServer } from "../../../runtime/testing/index.ts";
import {
  type AuthKind,
  authKinds,
  challenging,
  descriptorOf,
  givenRoutes,
  nameKinds,
} from "../../support/auth-kinds.ts";
import { irOf } from "../../support/line.ts";
import { sampled } from "../../support/sample.ts";

/** Passwords that look like something else, or would break what they stand in. */
const hostile: readonly string[] = [
  "{{x}}",
  "{k}",
  "{base64(secret)}",
  "${x} $(id) `id`",
  "$ref",
  "a||b && c",
  "x&y=z#f?g",
  "a:b:c",
  "quo\"te's",
  "back\\slash\\n",
  "line\r\nX-Evil: 1\r\n\r\nGET /evil HTTP/1.1",
  "line\nfeed",
  "tab\there",
  "nul\0byte",
  "bell\u0007 next\u0085line",
  "bidi\u202eabc\u2066",
  "half\ud800pair",
  "  spaced  ",
  "\t",
  "pässwörd£",
  "日本語😀",
  "e\u0301 is not \u00e9",
  "%41%0d%0a%00",
  "+plus+ and blank",
  "../../etc/passwd",
  "..",
  "<a b='c'>&amp;]]></a><!--",
  "null",
  "true",
  "007",
  "[object Object]",
  "a,b;c=d",
  "__proto__",
  "=?utf-8?B?eA==?=",
  "x".repeat(65_536),
];

/** What would differ if a password had become a part of the request's own structure. */
function shapeOf({ method, path, headers, rawHeaders, query, text, json }: ReceivedRequest): unknown {
  const isXml = headers["content-type"]?.includes("xml") ?? false;
  return {
    method,
    path: path.split("/").length,
    headers: rawHeaders.map(([name]) => name),
    query: [...query.keys()],
    body: json === undefined ? isXml && text.split("<").length : keysOf(json),
  };
}

function keysOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.entries(value).map(([key, inner]) => [key, keysOf(inner)]);
}

interface Tried {
  readonly outcome: Outcome;
  readonly arrived: readonly ReceivedRequest[];
}

/** Calls with one secret after another, each a connection of its own. */
async function trial(kind: AuthKind): Promise<(secret: string) => Promise<Tried>> {
  const server = await startServer({
    ...givenRoutes,
    ...(kind.profile.includes("digest") ? challenging : {}),
  });
  const runtime = createRuntime({ network: { allow: [server.host] } });
  onTestFinished(async () => {
    await runtime.close();
    await server.close();
  });
  const ir = await irOf(descriptorOf(kind));
  return async (secret) => {
    const before = server.requests.length;
    const attempt = async (): Promise<Outcome> => {
      const connection = runtime.connect(ir, {
        credentials: kind.credentials(secret),
        config: { base_url: server.origin },
      });
      return connection.attempt("op");
    };
    const outcome = await attempt().catch((error) => ({ ok: false, error }) as const);
    return { outcome, arrived: server.requests.slice(before) };
  };
}

const kinds = Object.entries({ ...authKinds, ...nameKinds }).map(
  ([name, kind], turn) => [name, kind, sampled(hostile, 4, turn)] as const,
);

describe.each(kinds)("%s", (_, kind, secrets) => {
  test("carries every text as it is, or says why not", async () => {
    const tryOut = await trial(kind);
    const carrier = ({ arrived }: Tried): ReceivedRequest | undefined =>
      arrived.filter(({ path }) => path.startsWith(kind.at)).at(-1);
    const plain = carrier(await tryOut("plain"));
    expect(plain && kind.proves(plain, "plain")).toBe(true);
    let carried = 0;
    for (const secret of secrets) {
      const tried = await tryOut(secret);
      const request = carrier(tried);
      const name = JSON.stringify(secret.slice(0, 60));
      if (tried.outcome.ok) {
        carried++;
        expect(request && kind.proves(request, secret), name).toBe(true);
        if (plain && request) expect(shapeOf(request), name).toEqual(shapeOf(plain));
      } else {
        const { error } = tried.outcome;
        expect(error.message, name).toMatch(/[Cc]redential "|user name|"[a-z_]+"|answered (431|414)/);
        expect([error.code, name]).toEqual([
          expect.stringMatching(/^(configuration|missing_credential|upstream_error|chain_step_failed)$/),
          name,
        ]);
        if (error.status === undefined) expect(tried.arrived, name).toEqual([]);
        if (secret.length > 8) expect(error.message, name).not.toContain(secret.slice(0, 500));
      }
    }
    expect(carried).toBeGreaterThan(secrets.length / 4);
  });
});
