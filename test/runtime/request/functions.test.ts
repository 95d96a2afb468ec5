import { createHmac, generateKeyPairSync, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { noCredentials } from "../../../runtime/credentials/credentials.ts";
import { systemRandom } from "../../../runtime/random.ts";
import type { Scope } from "../../../runtime/request/scope.ts";
import { compileText } from "../../../runtime/request/template.ts";
import type { Hole, Template } from "../../../schema/ir.ts";
import type { FunctionName } from "../../../schema/language/functions.ts";

const param = (name: string): Hole => ({
  kind: "ref",
  symbol: { kind: "parameter", name },
  context: "raw",
  optional: true,
  secret: false,
  type: "string",
});
const call = (name: FunctionName, ...args: (Hole | string)[]): Hole => ({
  kind: "call",
  function: name,
  args: args.map((arg): Template => ({ parts: [arg] })),
  context: "text",
  optional: false,
  secret: false,
});
const wall = Date.parse("2026-01-02T03:04:05.678Z");
const run = (hole: Hole, parameters: Record<string, unknown> = {}): string | undefined => {
  const scope: Scope = {
    parameters: new Map(Object.entries(parameters)),
    settings: new Map(),
    credentials: noCredentials,
    random: systemRandom,
    time: { wall: () => wall },
  };
  return compileText({ parts: [hole] })(scope);
};

describe("template functions", () => {
  it.each([
    [call("base64", "ü:x"), "w7w6eA=="],
    [call("base64url", "??>"), "Pz8-"],
    [call("hex", "ab"), "6162"],
    [call("url", "a b/c"), "a%20b%2Fc"],
    [call("lower", "ÄB"), "äb"],
    [call("upper", "äb"), "ÄB"],
    [call("trim", "  x "), "x"],
    [call("replace", "1234567-sb1-x", "-", "_"), "1234567_sb1_x"],
    [call("replace", "a.b", ".", "$&"), "a$&b"],
    [call("replace", "ab", "", "-"), "ab"],
    [call("hex", call("md5", "")), "d41d8cd98f00b204e9800998ecf8427e"],
    [call("hex", call("sha1", "abc")), "a9993e364706816aba3e25717850c26c9cd0d89d"],
    [call("base64", call("sha256", "abc")), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="],
    [
      call("hex", call("hmac_sha256", "key", "data")),
      createHmac("sha256", "key").update("data").digest("hex"),
    ],
    [
      call("hex", call("hmac_sha256", call("hmac_sha256", "k", "a"), "b")),
      createHmac("sha256", createHmac("sha256", "k").update("a").digest()).update("b").digest("hex"),
    ],
    [call("now"), "2026-01-02T03:04:05.678Z"],
    [call("now", "iso_seconds"), "2026-01-02T03:04:05Z"],
    [call("now", "iso_basic"), "20260102T030405Z"],
    [call("now", "date", "+1d"), "2026-01-03"],
    [call("now", "http"), "Fri, 02 Jan 2026 03:04:05 GMT"],
    [call("now", "unix", "-1h"), String(Math.floor(wall / 1000) - 3600)],
    [call("now", "unix_ms"), String(wall)],
  ])("case %#", (hole, expected) => {
    expect(run(hole)).toBe(expected);
  });

  it("json keeps the type of its argument", () => {
    expect(run(call("json", param("x")), { x: { a: [1, "2"] } })).toBe('{"a":[1,"2"]}');
  });

  it("default takes the second where the first is absent or null, and an absent argument elsewhere takes all", () => {
    expect(run(call("default", param("x"), "y"))).toBe("y");
    expect(run(call("default", param("x"), "y"), { x: null })).toBe("y");
    expect(run(call("default", param("x"), "y"), { x: "" })).toBe("");
    expect(run(call("base64", param("x")))).toBeUndefined();
  });

  it("refuses bytes where text is wanted", () => {
    expect(() => run(call("sha256", "abc"))).toThrow(/bytes/);
  });

  it("signs tokens that another implementation verifies", () => {
    const keys = {
      RS256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
      ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
      EdDSA: generateKeyPairSync("ed25519"),
    };
    for (const [algorithm, { privateKey, publicKey }] of Object.entries(keys)) {
      const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
      const token =
        run(call("jwt", algorithm, param("key"), '{"iss":"me"}'), { key: pem.replaceAll("\n", "\\n") }) ?? "";
      const [head = "", body = "", signature = ""] = token.split(".");
      expect(JSON.parse(Buffer.from(head, "base64url").toString())).toEqual({ alg: algorithm, typ: "JWT" });
      expect(JSON.parse(Buffer.from(body, "base64url").toString())).toEqual({ iss: "me" });
      const input = Buffer.from(`${head}.${body}`);
      const key = algorithm === "ES256" ? { key: publicKey, dsaEncoding: "ieee-p1363" as const } : publicKey;
      expect(
        verify(algorithm === "EdDSA" ? null : "sha256", input, key, Buffer.from(signature, "base64url")),
      ).toBe(true);
    }
    const token = run(call("jwt", "HS256", "secret", '{"a":1}')) ?? "";
    expect(token.split(".")[2]).toBe(
      createHmac("sha256", "secret").update(token.split(".").slice(0, 2).join(".")).digest("base64url"),
    );
  });

  it("says that a key is no key without showing it", () => {
    expect(() => run(call("jwt", "RS256", param("key"), "{}"), { key: "canary-key" })).toThrow(
      /Parameter "key" cannot sign a token. The key is no private key/,
    );
    expect(() =>
      run(call("jwt", "ES256", param("key"), "{}"), {
        key: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({
          type: "pkcs8",
          format: "pem",
        }),
      }),
    ).toThrow(/type rsa; ec is needed/);
  });
});
