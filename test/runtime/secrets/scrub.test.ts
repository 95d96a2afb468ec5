import { describe, expect, it, test } from "vitest";
import { scrub } from "../../../runtime/secrets/scrub.ts";
import { Secret } from "../../../runtime/secrets/secret.ts";
import { rsaKeys } from "../../support/jwt.ts";

const value = "pä\"ss/wörd+1  <&'x'>";
const bytes = Buffer.from(value);
const percent = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
const html = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
const ascii = (text: string): string =>
  JSON.stringify(text)
    .slice(1, -1)
    .replaceAll("/", "\\/")
    .replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);

describe("a secret in a text is blotted out", () => {
  test.each<[form: string, text: string]>([
    ["raw", value],
    ["in base64", bytes.toString("base64")],
    ["in base64url", bytes.toString("base64url")],
    ["in hex", bytes.toString("hex")],
    ["in upper hex", bytes.toString("hex").toUpperCase()],
    ["percent-encoded", encodeURIComponent(value)],
    ["percent-encoded, every byte, in lower case", percent(value)],
    ["percent-encoded as Latin-1", escape(value)],
    ["as a form field", new URLSearchParams([["", value]]).toString().slice(1)],
    ["in JSON", JSON.stringify(value).slice(1, -1)],
    ["in JSON that is ASCII alone", ascii(value)],
    ["in HTML", html(value)],
    ["in HTML by numbers", value.replace(/[^a-z]/g, (char) => `&#x${char.charCodeAt(0).toString(16)};`)],
    ["read as Latin-1", bytes.toString("latin1")],
    ["in base64 in a form", new URLSearchParams([["", bytes.toString("base64")]]).toString().slice(1)],
    ["in JSON in HTML in a query", encodeURIComponent(html(JSON.stringify(value).slice(1, -1)))],
    ["on two lines", value.replace(" ", "\r\n  ")],
  ])("%s", (_, form) => {
    expect(scrub(`the key ${form} is wrong`, [new Secret(value)])).toMatch(/^the key \[secret\] is wrong$/);
  });

  it.each([0, 1, 2, 3, 4, 5])("inside of a base64 text, after %i other bytes", (before) => {
    for (let after = 0; after < 4; after++) {
      const whole = Buffer.concat([Buffer.alloc(before, "u"), bytes, Buffer.alloc(after, "v")]);
      const shown = scrub(whole.toString("base64"), [value]);
      expect(shown).toContain("[secret]");
      expect(Buffer.from(shown.replace("[secret]", ""), "base64").length).toBeLessThan(before + after + 5);
    }
  });

  it("once where several stand side by side", () => {
    expect(scrub("onetwo three one", ["onetwo", "two th", "one", "three one"])).toBe("[secret]");
  });

  it("cut by a bound of length", () => {
    expect(scrub("no such key: abcdefg…. Check it.", ["abcdefghij klm"])).toBe(
      "no such key: [secret]…. Check it.",
    );
  });

  it("in every piece of 16 characters of a key of many lines, and nothing of the text beside it", () => {
    const { pem } = rsaKeys();
    const line = pem.replaceAll("\n", " ");
    for (let at = 0; at + 16 <= line.length; at += 7) {
      const piece = line.slice(at, at + 16).trim();
      if (piece.length === 16) expect(scrub(`near <${piece}>`, [pem])).toBe("near <[secret]>");
    }
    // A blank before it could be a `+` of the key.
    expect(scrub(`near:${pem.slice(100, 115)}`, [pem])).not.toContain("[secret]");
  });
});

describe("a text without the secret stays as it is", () => {
  it.each([
    ["blanks alone", "two words", "     "],
    ["shorter than four characters", "abc is not known", "abc"],
    [
      "an address whose origin must be named",
      "cannot connect to https://api.example.com",
      "https://api.example.com/hooks/T0",
    ],
    ["escapes of its own", "100%25 &amp; \\u0041 \\n %zz %", "not in there"],
  ])("%s", (_, text, secret) => {
    expect(scrub(text, [secret])).toBe(text);
  });

  it("but for the members of a key in JSON, whose type may be named", () => {
    const key = { type: "service_account", inner: { private_key: "CaNaRy-key" } };
    expect(scrub('Profile "service_account": CaNaRy-key', [new Secret(key)])).toBe(
      'Profile "service_account": [secret]',
    );
  });
});

test("a secret address is blotted out whole, and its path in pieces", () => {
  const hook = "https://hooks.example.com/services/T0123456789/B0123456789/abcdef";
  expect(scrub(`POST ${hook} failed`, [hook])).toBe("POST [secret] failed");
  expect(scrub("POST /services/T0123456789/B01 failed", [hook])).toBe("POST [secret] failed");
});

test("a text of thousands of escapes is read in time that grows with its length", () => {
  const text = "%C3%A4&amp;\\u00e4".repeat(20_000);
  expect(scrub(text, ["some-secret"])).toBe(text);
});
