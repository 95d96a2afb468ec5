/** What stands in for Node and packages in standalone clients gives what it stands in for. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as encoding from "../../../runtime/crypto/encoding.ts";
import * as hashes from "../../../runtime/crypto/hash.ts";
import * as tokens from "../../../runtime/crypto/jwt.ts";
import type { ConnectorError } from "../../../runtime/errors.ts";
import * as component from "../../../runtime/request/component.ts";
import * as request from "../../../runtime/request/to-json.ts";
import * as csv from "../../../runtime/response/csv.ts";
import * as inexact from "../../../runtime/response/inexact-numbers.ts";
import * as json from "../../../runtime/response/json-text.ts";
import * as xml from "../../../runtime/response/xml.ts";
import { parseJson } from "../../../runtime/standalone/answer.ts";
import * as ownEncoding from "../../../runtime/standalone/bytes.ts";
import * as ownComponent from "../../../runtime/standalone/component.ts";
import * as ownCsv from "../../../runtime/standalone/csv.ts";
import { isAllowed, parseNetworkRules } from "../../../runtime/standalone/destination.ts";
import * as ownHashes from "../../../runtime/standalone/digest.ts";
import * as ownInexact from "../../../runtime/standalone/inexact-numbers.ts";
import * as ownTokens from "../../../runtime/standalone/jwt.ts";
import { createScrubber } from "../../../runtime/standalone/scrub.ts";
import * as ownJson from "../../../runtime/standalone/to-json.ts";
import * as ownXml from "../../../runtime/standalone/xml.ts";
import { originFault } from "../../../schema/language/origin-fault.ts";

const bytes = fc.uint8Array({ maxLength: 300 });

describe("digests in plain JavaScript", () => {
  it.each(["md5", "sha1", "sha256", "sha512"] as const)(
    "%s is that of the platform, at every length of a block",
    (name) => {
      fc.assert(
        fc.property(bytes, (value) => {
          expect([...ownHashes.hash(name, value)]).toEqual([...hashes.hash(name, value)]);
        }),
      );
      for (const length of [0, 55, 56, 63, 64, 111, 112, 119, 120, 127, 128, 129]) {
        const value = new Uint8Array(length).fill(length);
        expect([...ownHashes.hash(name, value)]).toEqual([...hashes.hash(name, value)]);
      }
    },
  );

  it.each(["sha1", "sha256", "sha512"] as const)("hmac of %s takes short and long keys", (name) => {
    fc.assert(
      fc.property(bytes, fc.string(), (key, value) => {
        expect([...ownHashes.hmac(name, key, value)]).toEqual([...hashes.hmac(name, key, value)]);
      }),
    );
  });

  it("sha512-256 is that of the platform", () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect([...ownHashes.hashText("sha512-256", value)]).toEqual([
          ...hashes.hashText("sha512-256", value),
        ]);
      }),
    );
  });

  it.each(["HS256", "HS512"])(
    "a token by %s is that of the runtime; one by a private key is refused",
    (algorithm) => {
      const made = ownTokens.signJwt(algorithm, "key", { sub: "ü" }, "kid", { x: 1 });
      expect(made).toBe(tokens.signJwt(algorithm, "key", { sub: "ü" }, "kid", { x: 1 }));
      expect(() => ownTokens.signJwt("RS256", "key", {})).toThrow(
        /RS256 is not in a standalone client.*--mode runtime/,
      );
    },
  );
});

describe("JSON without the place of a mistake", () => {
  const outcomeOf = (parse: (text: string) => unknown, text: string): unknown => {
    try {
      return { value: parse(text) };
    } catch (thrown) {
      return { code: (thrown as ConnectorError).code };
    }
  };
  const number = fc.oneof(
    fc.bigInt().map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.constantFrom("1e400", "-2E+999", "0.1e-400", "9007199254740993", "12345678901234567890.5", "1e0005"),
  );
  const text = fc
    .array(
      fc.oneof(
        number,
        fc.string().map((value) => JSON.stringify(value)),
        fc.constantFrom('"1e400"', "[1e999]", "null"),
      ),
    )
    .map((items) => `{"a": [${items.join(", ")}]}`);

  it("keeps the same numbers as text, and takes and refuses the same texts", () => {
    fc.assert(
      fc.property(text, fc.nat(40), (whole, cut) => {
        for (const one of [whole, whole.slice(0, -cut), `${whole}${cut}`])
          expect(outcomeOf(parseJson, one)).toEqual(outcomeOf(json.parseJson, one));
      }),
    );
  });

  it("puts the same numbers in quotes", () => {
    fc.assert(
      fc.property(text, fc.nat(40), (whole, cut) => {
        for (const one of [whole, whole.slice(0, -cut), `${whole}${cut}`]) {
          const parse = (quoted: string) => outcomeOf(JSON.parse, quoted);
          expect(parse(ownInexact.withInexactQuoted(one))).toEqual(parse(inexact.withInexactQuoted(one)));
        }
      }),
    );
    for (const wrong of [
      "[1.e400]",
      "[-01e400]",
      "[+1e400]",
      "{1e400: 1}",
      "[1e400 1e400]",
      "[1e400x]",
      "1e400:",
    ])
      expect(() => JSON.parse(ownInexact.withInexactQuoted(wrong))).toThrow(SyntaxError);
    const long = `{"a": ["${"\\n".repeat(300_000)}", 9007199254740993, 9007199254740992, 19007199254740992]}`;
    expect(ownInexact.withInexactQuoted(long)).toBe(inexact.withInexactQuoted(long));
  });
});

describe("what a request is made of", () => {
  it("is percent-encoded to the same text, or refused", () => {
    const encodedBy = (encode: (text: string) => string, text: string): string => {
      try {
        return encode(text);
      } catch (thrown) {
        return String(thrown);
      }
    };
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        for (const one of [value, `${value}\ud800`])
          expect(encodedBy(ownComponent.encodeComponent, one)).toBe(
            encodedBy(component.encodeComponent, one),
          );
      }),
    );
  });

  it("is the same JSON, with every digit of a bigint", () => {
    const values = fc.anything({ withBigInt: true, withDate: true, withSparseArray: true });
    fc.assert(
      fc.property(values, (value) => {
        expect(ownJson.toJson(value)).toBe(request.toJson(value));
      }),
    );
    const endless: unknown[] = [];
    endless.push(endless);
    for (const toJson of [ownJson.toJson, request.toJson]) expect(() => toJson(endless)).toThrow(/nested/);
  });
});

describe("encodings without Buffer", () => {
  it("are those with it, there and back", () => {
    fc.assert(
      fc.property(bytes, fc.constantFrom("base64", "base64url", "hex"), (value, kind) => {
        const text = ownEncoding.encodeBytes(value, kind);
        expect(text).toBe(encoding.encodeBytes(value, kind));
        expect([...(ownEncoding.decodeBytes(text, kind === "hex" ? "hex" : "base64") ?? [])]).toEqual([
          ...value,
        ]);
      }),
    );
  });

  it("take and refuse the same texts", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "B", "0", "-", "_", "+", "/", "=", " ", "ü") }),
        (text) => {
          for (const kind of ["base64", "hex"] as const) {
            const [own, other] = [ownEncoding.decodeBytes(text, kind), encoding.decodeBytes(text, kind)];
            expect(own && [...own]).toEqual(other && [...other]);
          }
        },
      ),
    );
  });
});

/** What a reader makes of a text: its value, or that it refuses. */
function outcome<T>(read: () => T): { value: T } | "refused" {
  try {
    return { value: read() };
  } catch {
    return "refused";
  }
}

const blanks = fc.constantFrom(
  "",
  " ",
  "\n  ",
  "x",
  " y ",
  "a &amp; &#x62;&#99;",
  "&unknown;",
  "<![CDATA[<z> &amp;]]>",
  "<!-- c -->",
);
const name = fc.constantFrom("a", "b", "c:d", "toString", "__proto__");
const { element } = fc.letrec<{ element: string }>((tie) => ({
  element: fc
    .tuple(
      name,
      fc.uniqueArray(fc.tuple(fc.constantFrom("k", "xmlns:l", "m"), fc.constantFrom("", "1 &lt; 2", "'")), {
        selector: ([key]) => key,
        maxLength: 2,
      }),
      fc.array(fc.tuple(blanks, fc.option(tie("element"), { nil: "", maxDepth: 3 })), { maxLength: 3 }),
      blanks,
    )
    .map(([tag, attributes, children, end]) => {
      const head = `<${tag}${attributes.map(([key, value]) => ` ${key}="${value}"`).join("")}`;
      const inner = children.map(([text, child]) => text + child).join("") + end;
      return inner === "" ? `${head}/>` : `${head}>${inner}</${tag}>`;
    }),
}));

describe("XML without a package", () => {
  const read = (reader: typeof xml.parseXml, text: string): unknown =>
    outcome(() => reader(new TextEncoder().encode(text), "application/xml"));

  it("reads documents to the same values", () => {
    fc.assert(
      fc.property(fc.constantFrom("", '<?xml version="1.0"?>\n', "<!-- c -->"), element, (prolog, text) => {
        expect(read(ownXml.parseXml, prolog + text)).toEqual(read(xml.parseXml, prolog + text));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    "<a>",
    "<a></b>",
    "",
    "x",
    "<a x=1/>",
    "<a><b></a></b>",
    "<!DOCTYPE a><a/>",
    "</a>",
    `${"<a>".repeat(200)}${"</a>".repeat(200)}`,
  ])("refuses %s as the package does", (text) => {
    expect(read(ownXml.parseXml, text)).toEqual("refused");
    expect(read(xml.parseXml, text)).toEqual("refused");
  });

  it("refuses a second root, which the package lets pass", () => {
    expect(read(ownXml.parseXml, "<a/><b/>")).toBe("refused");
  });

  it("takes time in proportion to a text that never ends", () => {
    for (const text of [
      `<a${" ".repeat(200_000)}`,
      `<a>${"<".repeat(200_000)}`,
      `<a ${"b='c' ".repeat(50_000)}`,
    ])
      expect(read(ownXml.parseXml, text)).toBe("refused");
  });
});

describe("CSV without a package", () => {
  const cell = fc.constantFrom("", "a", "b c", '"q, ""r"""', '"line\nline"', "ü");
  const line = fc.constantFrom("\n", "\r\n");

  it("reads tables to the same records, and refuses what is none", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { maxLength: 4 }),
        line,
        fc.boolean(),
        (rows, end, last) => {
          const text = `h1,h2${end}${rows.map((row) => row.join(",")).join(end)}${last ? end : ""}`;
          expect(outcome(() => ownCsv.parseCsv(text, "text/csv"))).toEqual(
            outcome(() => csv.parseCsv(text, "text/csv")),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it("takes tabs by the content type, and no column twice", () => {
    expect(ownCsv.parseCsv("a\tb\n1\t2", "text/tab-separated-values")).toEqual([{ a: "1", b: "2" }]);
    expect(() => ownCsv.parseCsv("a,a\n1,2", undefined)).toThrow(/names two columns alike/);
  });
});

describe("destinations where no socket can be looked at", () => {
  const rules = parseNetworkRules(["127.0.0.1:8080", "*.corp.example", "[::1]"]);

  it.each([
    "https://api.example.com",
    "http://127.0.0.1:8080",
    "http://a.corp.example",
    "https://[::1]:4443",
  ])("lets %s pass", (origin) => {
    expect(originFault(origin, isAllowed(rules))).toBeUndefined();
  });

  it.each([
    ["http://api.example.com", /http is for destinations/],
    ["https://10.0.0.1", /an address/],
    ["https://0x7f.1", /an address/],
    ["https://2130706433", /an address/],
    ["https://[fe80::1]", /an address/],
    ["https://localhost", /local network/],
    ["https://db.internal", /local network/],
    ["https://metadata.google.internal", /local network/],
    ["https://a@api.example.com", /user information/],
    ["http://127.0.0.1:8081", /an address/],
    ["ftp://api.example.com", /is not https/],
  ] as const)("refuses %s", (origin, reason) => {
    expect(originFault(origin, isAllowed(rules))).toMatch(reason);
  });

  it("refuses an entry that it cannot read", () => {
    expect(() => parseNetworkRules(["10.0.0.0/8"])).toThrow(/network.allow cannot use "10.0.0.0\/8"/);
  });
});

describe("the scrubber of a standalone client", () => {
  it("takes a secret out in the forms in which servers echo it", () => {
    const secret = 'p&"ss wörd';
    const clean = createScrubber([secret]);
    const forms = [
      secret,
      JSON.stringify(secret),
      encodeURIComponent(secret),
      Buffer.from(secret).toString("base64"),
      Buffer.from(secret).toString("hex").toUpperCase(),
    ];
    for (const form of forms) expect(clean(`said ${form}.`)).not.toContain(form);
    expect(clean({ a: [secret] })).toEqual({ a: ["[secret]"] });
  });
});
