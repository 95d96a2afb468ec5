import { createVerify, generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { baseString, signOAuth1 } from "../../../runtime/signing/oauth1.ts";

test("the base string of RFC 5849, section 3.4.1.1", () => {
  const base = baseString(
    {
      method: "post",
      origin: "http://example.com",
      target: "/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b",
      headers: [{ name: "content-type", value: "application/x-www-form-urlencoded" }],
      body: "c2&a3=2+q",
    },
    [
      ["oauth_consumer_key", "9djdj82h48djs9d2"],
      ["oauth_token", "kkk9d7dh3k39sjv7"],
      ["oauth_signature_method", "HMAC-SHA1"],
      ["oauth_timestamp", "137131201"],
      ["oauth_nonce", "7d8f3e4a"],
    ],
  );
  expect(base).toBe(
    "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7",
  );
});

const photos = {
  method: "GET",
  origin: "http://photos.example.net",
  target: "/photos?file=vacation.jpg&size=original",
  headers: [],
  body: undefined,
};
const keys = {
  consumerKey: "dpf43f3p2l4k3l03",
  consumerSecret: "kd94hf93k423kf44",
  token: "nnch734d00sl2jdk",
  tokenSecret: "pfkkdhi9sl3r4s00",
};
/** OAuth Core 1.0a, appendix A.5.1 and A.5.2: the example with a version parameter. */
test("the photo request of OAuth Core 1.0a, appendix A.5", () => {
  expect(
    signOAuth1(
      photos,
      keys,
      { method: "HMAC-SHA1", realm: "http://photos.example.net/" },
      { timestamp: 1191242096, nonce: "kllo9940pd9333jh" },
    ),
  ).toBe(
    'OAuth realm="http://photos.example.net/", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="nnch734d00sl2jdk", oauth_signature_method="HMAC-SHA1", oauth_timestamp="1191242096", oauth_nonce="kllo9940pd9333jh", oauth_version="1.0", oauth_signature="tR3%2BTy81lMeYAr%2FFid0kMTYa%2FWM%3D"',
  );
});

describe("other methods", () => {
  const sign = (method: "RSA-SHA1" | "RSA-SHA256" | "PLAINTEXT", consumerSecret: string) =>
    signOAuth1(photos, { ...keys, consumerSecret }, { method }, { timestamp: 1, nonce: "n" });

  test("PLAINTEXT is both secrets (RFC 5849, section 3.4.4)", () => {
    expect(sign("PLAINTEXT", "djr9rjt0jd78jf88")).toContain(
      'oauth_signature="djr9rjt0jd78jf88%26pfkkdhi9sl3r4s00"',
    );
  });

  test.each(["RSA-SHA1", "RSA-SHA256"] as const)("%s verifies with the consumer's public key", (method) => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const header = sign(method, privateKey.export({ type: "pkcs8", format: "pem" }).toString());
    const signature = decodeURIComponent(/oauth_signature="([^"]+)"/.exec(header)?.[1] ?? "");
    const base = baseString(photos, [
      ["oauth_consumer_key", keys.consumerKey],
      ["oauth_token", keys.token],
      ["oauth_signature_method", method],
      ["oauth_timestamp", "1"],
      ["oauth_nonce", "n"],
      ["oauth_version", "1.0"],
    ]);
    const verified = createVerify(method === "RSA-SHA1" ? "sha1" : "sha256")
      .update(base)
      .verify(publicKey, signature, "base64");
    expect(verified).toBe(true);
  });
});

test("a JSON body is no part of the signature, a form is", () => {
  const sign = (type: string, body: string) =>
    signOAuth1(
      { ...photos, method: "POST", headers: [{ name: "content-type", value: type }], body },
      keys,
      { method: "HMAC-SHA256" },
      { timestamp: 1, nonce: "n" },
    );
  expect(sign("application/json", "{}")).toBe(sign("application/json", "[]"));
  expect(sign("application/x-www-form-urlencoded; charset=utf-8", "a=1")).not.toBe(
    sign("application/x-www-form-urlencoded; charset=utf-8", "a=2"),
  );
});
