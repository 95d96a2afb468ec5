import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { signWsse } from "../../../runtime/signing/wsse.ts";

const nonce = Buffer.from("d36e316282959a9ed4c89851497a717f", "hex");
const wall = Date.UTC(2003, 11, 15, 14, 43, 7);

const bob = { username: "bob", password: "taadtaadpstcsm" };

test("the example of the Atom authentication draft", () => {
  expect(signWsse(bob, { nonce: "hex", digest: "base64" }, nonce, wall)).toBe(
    'UsernameToken Username="bob", PasswordDigest="quR/EWLAV4xLf9Zqyw4pDmfV9OY=", Nonce="d36e316282959a9ed4c89851497a717f", Created="2003-12-15T14:43:07Z"',
  );
});

test("nonce and digest in base64, as the UsernameToken profile has them", () => {
  const digest = createHash("sha1")
    .update(nonce)
    .update("2003-12-15T14:43:07Ztaadtaadpstcsm")
    .digest("base64");
  expect(signWsse(bob, { nonce: "base64", digest: "base64" }, nonce, wall)).toBe(
    `UsernameToken Username="bob", PasswordDigest="${digest}", Nonce="${nonce.toString("base64")}", Created="2003-12-15T14:43:07Z"`,
  );
});

test("base64 of the digest's hexadecimal text, for APIs that hash so", () => {
  const header = signWsse(bob, { nonce: "hex", digest: "hex" }, nonce, wall);
  const hex = createHash("sha1")
    .update(`${nonce.toString("hex")}2003-12-15T14:43:07Ztaadtaadpstcsm`)
    .digest("hex");
  expect(header).toContain(`PasswordDigest="${Buffer.from(hex).toString("base64")}"`);
  expect(header).toContain('Nonce="d36e316282959a9ed4c89851497a717f"');
});

test("a quote in a user name stays inside its quotes", () => {
  expect(
    signWsse({ username: 'a", Nonce="x', password: "p" }, { nonce: "base64", digest: "base64" }, nonce, wall),
  ).toContain('Username="a\\", Nonce=\\"x"');
});
