import { describe, expect, test } from "vitest";
import { parseChallenges } from "../../../runtime/signing/challenge.ts";
import { digestChallenge, signDigest } from "../../../runtime/signing/digest.ts";

const index = {
  method: "GET",
  origin: "http://www.example.org",
  target: "/dir/index.html",
  headers: [],
  body: undefined,
};
const cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
const challenge = (algorithm: string) =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`;
const mufasa = { username: "Mufasa", password: "Circle of Life" };

describe("RFC 7616, section 3.9.1", () => {
  test.each([
    ["MD5", "8ca523f5e9506fed4657c9700eebdbec"],
    ["SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"],
  ])("%s", (algorithm, response) => {
    const asked = digestChallenge(challenge(algorithm));
    if (!asked) throw new Error("no challenge was read");
    expect(signDigest(index, mufasa, asked, { cnonce, count: 1 })).toBe(
      `Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, response="${response}", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`,
    );
  });

  test("of two challenges the stronger is met", () => {
    expect(digestChallenge(`${challenge("MD5")}, ${challenge("SHA-256")}`)?.algorithm).toBe("sha256");
    expect(digestChallenge(`${challenge("SHA-256")}, ${challenge("MD5")}`)?.algorithm).toBe("sha256");
  });
});

test("a user name is hashed where the server asks for it (RFC 7616, section 3.9.2)", () => {
  const asked = digestChallenge(
    'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true',
  );
  if (!asked) throw new Error("no challenge was read");
  const header = signDigest(
    { ...index, target: "/doe.json" },
    { username: "Jäsøn Doe", password: "Secret, or not?" },
    asked,
    { cnonce: "NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm", count: 1 },
  );
  // SHA-512/256 as FIPS 180-4 defines it; the RFC's own figures cut SHA-512 short (erratum 4897).
  expect(header).toMatch(/^Digest username="[0-9a-f]{64}", /);
  expect(header).toContain("userhash=true");
  expect(header).not.toContain('Doe"');
});

test("a name beyond ASCII goes as an extended value", () => {
  const asked = digestChallenge('Digest realm="r", nonce="n", qop="auth"');
  if (!asked) throw new Error("no challenge was read");
  expect(signDigest(index, { username: "Jäsøn", password: "p" }, asked, { cnonce: "c", count: 1 })).toContain(
    "username*=UTF-8''J%C3%A4s%C3%B8n, ",
  );
});

test("without qop the older form is sent, and a session algorithm binds nonces in", () => {
  const old = digestChallenge(
    'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"',
  );
  if (!old) throw new Error("no challenge was read");
  const header = signDigest(index, { username: "Mufasa", password: "CircleOfLife" }, old, {
    cnonce: "x",
    count: 3,
  });
  expect(header).not.toContain("nc=");
  // RFC 2069's worked example, as corrected by its erratum 749.
  expect(header).toContain('response="1949323746fe6a43ef61f9606e7febea"');
});

describe("challenges that are no help", () => {
  test.each([
    ["another scheme", 'Basic realm="x"'],
    ["no nonce", 'Digest realm="x"'],
    ["an unknown algorithm", 'Digest realm="x", nonce="n", algorithm=SHA3'],
    ["an unknown qop", 'Digest realm="x", nonce="n", qop="auth-conf"'],
    ["nothing", ""],
    ["noise", '",,, ="" Digest'],
  ])("%s", (_, header) => {
    expect(digestChallenge(header)).toBeUndefined();
  });
});

test("several challenges in one header, with quoted commas and a token68", () => {
  expect(
    parseChallenges(
      'Negotiate YII==, Digest realm="a, b=\\"c\\"", nonce=abc , Basic realm="x"  , Newauth title="Login to \\"apps\\""',
    ).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]),
  ).toEqual([
    ["negotiate", {}],
    ["digest", { realm: 'a, b="c"', nonce: "abc" }],
    ["basic", { realm: "x" }],
    ["newauth", { title: 'Login to "apps"' }],
  ]);
});
