import { describe, expect, it } from "vitest";
import { createKeyring } from "../../../runtime/crypto/keyring.ts";
import { systemRandom } from "../../../runtime/random.ts";

const first = "0123456789abcdef-first";
const second = "0123456789abcdef-second";

describe("a keyring", () => {
  it("opens what it sealed, in its own place only", () => {
    const keyring = createKeyring({ key: first }, systemRandom);
    const sealed = keyring.seal("canary ü", "entry-1");
    expect(Buffer.from(sealed).toString("latin1")).not.toContain("canary");
    expect(keyring.open(sealed, "entry-1")).toBe("canary ü");
    expect(keyring.open(sealed, "entry-2")).toBeUndefined();
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
    expect(keyring.open(sealed, "entry-1")).toBeUndefined();
    expect(keyring.open(new Uint8Array([1, 2]), "entry-1")).toBeUndefined();
  });

  it("still opens what the key before sealed", () => {
    const sealed = createKeyring({ key: first }, systemRandom).seal("x", "e");
    expect(createKeyring({ key: second }, systemRandom).open(sealed, "e")).toBeUndefined();
    expect(createKeyring({ key: second, previous: [first] }, systemRandom).open(sealed, "e")).toBe("x");
  });

  it("tells apart parts that join to one text, and keys", () => {
    const keyring = createKeyring({ key: first }, systemRandom);
    expect(keyring.digest(["a", "bc"])).not.toBe(keyring.digest(["ab", "c"]));
    expect(keyring.digest(["a"])).toBe(createKeyring({ key: first }, systemRandom).digest(["a"]));
    expect(keyring.digest(["a"])).not.toBe(createKeyring({ key: second }, systemRandom).digest(["a"]));
  });

  it("refuses a key that is too short", () => {
    expect(() => createKeyring({ key: "short" }, systemRandom)).toThrow(/at least 16/);
  });
});
