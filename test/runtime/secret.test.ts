import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { Secret, scrub } from "../../runtime/secret.ts";

describe("a secret", () => {
  it("does not print, inspect or serialise", () => {
    const secret = new Secret("canary");
    expect(
      [
        String(secret),
        `${secret}`,
        JSON.stringify({ secret }),
        inspect(secret),
        inspect({ secret }, { showHidden: true, depth: 9 }),
        Object.keys(secret).join(),
      ].join(),
    ).not.toContain("canary");
    expect(secret.reveal()).toBe("canary");
  });

  it("is scrubbed from texts in every form in which it comes back", () => {
    const value = 'pä"ss/wörd+1';
    const forms = [
      value,
      btoa(String.fromCharCode(...new TextEncoder().encode(value))),
      encodeURIComponent(value),
      JSON.stringify(value),
      Buffer.from(value).toString("hex"),
      Buffer.from(value).toString("base64url"),
    ];
    expect(scrub(forms.join(" | "), [new Secret(value)])).toBe(
      '[secret] | [secret] | [secret] | "[secret]" | [secret] | [secret]',
    );
  });

  it("of blanks alone leaves texts as they are", () => {
    expect(scrub("two words", [new Secret("     ")])).toBe("two words");
  });
});
