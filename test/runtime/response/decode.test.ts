import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConnectorError } from "../../../runtime/errors.ts";
import { decodeBody } from "../../../runtime/response/decode.ts";
import type { ResponseType } from "../../../schema/ir.ts";
import { suitePath } from "./corpus.ts";
import { bytesOf } from "./headers.ts";

function decode(body: string | Uint8Array, type: ResponseType = "json", contentType?: string): unknown {
  return decodeBody([typeof body === "string" ? bytesOf(body) : body], type, contentType);
}

function failure(run: () => unknown): ConnectorError {
  try {
    run();
  } catch (error) {
    if (ConnectorError.is(error)) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

async function lateFailure(run: () => unknown): Promise<ConnectorError> {
  try {
    await run();
  } catch (error) {
    if (ConnectorError.is(error)) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

describe("JSON bodies", () => {
  it.each([
    ['{"a":[1,"x",null,true]}', { a: [1, "x", null, true] }],
    ["", null],
    ["\ufeff[1]", [1]],
    [' "☺" ', "☺"],
  ])("%j is read", (body, value) => expect(decode(body)).toEqual(value));

  it("are read at once, chunks cut anywhere", () => {
    const bytes = bytesOf('{"name":"Zoë ☺ 𝄞"}');
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(decodeBody([bytes.subarray(0, cut), bytes.subarray(cut)], "json", undefined)).toEqual({
        name: "Zoë ☺ 𝄞",
      });
    }
  });

  it.each([
    ['{"a":1,}', 7, 1, 8],
    ['{"a":1\n "b":2}', 8, 2, 2],
    ["[1,2", 4, 1, 5],
    ['{"a":"x\\q"}', 7, 1, 8],
    ['["tab\there"]', 5, 1, 6],
    ["[01]", 2, 1, 3],
    ["[1]x", 3, 1, 4],
    ["{12345678901234567890:1}", 1, 1, 2],
    ["[-]", 1, 1, 2],
    ["nul", 0, 1, 1],
    ["[}", 1, 1, 2],
    ["\ufeff\ufeff1", 0, 1, 1],
  ])("%j is refused at character %d", (body, offset, line, column) => {
    const error = failure(() => decode(body));
    expect(error).toMatchObject({
      code: "response_invalid",
      phase: "response",
      retryable: false,
      details: { offset, line, column },
    });
  });

  it("never shows the body in an error", () => {
    const secret = "s3cr3t-canary";
    for (const type of ["json", "jsonl"] as const) {
      for (const body of [`{"token":"${secret}",}`, `${secret}`, `["${secret}"`, `<html>${secret}`]) {
        const error = failure(() => decode(body, type));
        expect(
          [error.message, error.stack, JSON.stringify(error.details), String(error.cause)].join(),
        ).not.toContain(secret);
      }
    }
  });

  it("that are not UTF-8 are refused at the byte", () => {
    const at = (bytes: number[]) => failure(() => decode(new Uint8Array(bytes))).details?.offset;
    expect(at([0x22, 0xff, 0x22])).toBe(1);
    expect(at([0x22, 0xc3, 0x22])).toBe(2);
    expect(at([0x22, 0xed, 0xa0, 0x80, 0x22])).toBe(2);
    expect(at([...Array(10_000).fill(0x20), 0xe2, 0x98, 0xba, 0xe2, 0x28])).toBe(10_004);
    // And the next answer is read as if nothing had been.
    expect(decode('"ok"')).toBe("ok");
  });

  it.each([
    ["<!DOCTYPE html><p>Sign in", undefined],
    ["\n<html lang=en>", undefined],
    ["Please sign in", "text/html; charset=utf-8"],
  ])("that are HTML in truth are called so: %j", (body, contentType) => {
    expect(failure(() => decode(body, "json", contentType)).message).toMatch(
      /^The server sent HTML where JSON was expected/,
    );
  });

  it("are read whatever the content type calls them", () => {
    expect(decode("[]", "json", "text/html")).toEqual([]);
  });

  it("100,000 lists deep end in a value", () => {
    expect(Array.isArray(decode("[".repeat(100_000) + "]".repeat(100_000)))).toBe(true);
    expect(failure(() => decode("[".repeat(100_000))).details?.offset).toBe(100_000);
  });

  describe("integers past ±2^53", () => {
    it("are seen wherever in the text they begin", () => {
      for (let blanks = 0; blanks < 64; blanks++)
        expect(decode(`[${" ".repeat(blanks)}9007199254740993, 123456789012345]`)).toEqual([
          "9007199254740993",
          123456789012345,
        ]);
    });

    it.each([
      ["9007199254740992", 9007199254740992],
      ["9007199254740993", "9007199254740993"],
      ["-9007199254740993", "-9007199254740993"],
      ['{"id":12345678901234567890}', { id: "12345678901234567890" }],
      ["[12345678901234567,12345678901234568,-1]", ["12345678901234567", "12345678901234568", -1]],
      ["[ 12345678901234567 ]", ["12345678901234567"]],
      [
        '["12345678901234567", "a\\\\", 12345678901234567]',
        ["12345678901234567", "a\\", "12345678901234567"],
      ],
      ['{"\\"12345678901234567":1}', { '"12345678901234567': 1 }],
      ["[0.12345678901234567890]", [0.12345678901234568]],
      ["[1e0000000000000000001]", [10]],
      ["[12345678901234567890.5]", [Number("12345678901234567890.5")]],
      ["[12345678901234567890E1]", [Number("12345678901234567890e1")]],
      ["[1234567890123456]", [1234567890123456]],
      ['{"a":1e400,"b":-1E+0400}', { a: "1e400", b: "-1E+0400" }],
      ["1e400", "1e400"],
      [" [1e400 , 1.5e999\n]", ["1e400", "1.5e999"]],
      ["[1e308,1e-400,-1.5e-999]", [1e308, 0, -0]],
      [
        '["1e400", "12345678901234567", "[1e400,12345678901234567]"]',
        ["1e400", "12345678901234567", "[1e400,12345678901234567]"],
      ],
      ['{"a1e400":1e4}', { a1e400: 1e4 }],
      [
        `[${"9".repeat(309)}.5,${"9".repeat(299)}e10,${"9".repeat(400)}E-390]`,
        [`${"9".repeat(309)}.5`, `${"9".repeat(299)}e10`, 1e10],
      ],
      ["[0.30000000000000004,12345678901234567]", [0.30000000000000004, "12345678901234567"]],
      ["[-0,0,-0.0]", [-0, 0, -0]],
      ["\ufeff12345678901234567", "12345678901234567"],
      ["[1,123456789012345,12345678901234567]", [1, 123456789012345, "12345678901234567"]],
    ])("%s", (body, value) => expect(decode(body)).toEqual(value));

    it("survive in any document, and nothing else changes", () => {
      const id = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n });
      fc.assert(
        fc.property(
          fc.array(fc.tuple(id, fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }))),
          (rows) => {
            const body = `[${rows.map(([big, text, real]) => `[${big},${JSON.stringify(text)},${JSON.stringify(real)}]`).join(", ")}]`;
            const past = (big: bigint) => (big > 2n ** 53n || big < -(2n ** 53n) ? String(big) : Number(big));
            const number = (real: number) => {
              const text = JSON.stringify(real);
              return /^-?\d+$/.test(text) ? past(BigInt(text)) : JSON.parse(text);
            };
            expect(decode(body)).toEqual(rows.map(([big, text, real]) => [past(big), text, number(real)]));
          },
        ),
        { numRuns: 300 },
      );
    });

    it.each([
      "{12345678901234567:1}",
      '{"a":1,12345678901234567:2}',
      "[012345678901234567]",
      "[01e400]",
      "[+1e400]",
      "[1e400 1e400]",
      "[.1e400]",
      "[1.e400]",
      '{"a" 1e400}',
      "{1e400}",
      '["a"1e400]',
      '[1e400"a"]',
      '[1e400,"a',
      '[12345678901234567,"\\',
      "[1e400\u00a0]",
    ])("do not make a wrong text right: %s", (body) => {
      expect(() => JSON.parse(body)).toThrow();
      expect(failure(() => decode(body)).code).toBe("response_invalid");
    });

    it("leave a text that is wrong in any place wrong, and every other as it is", () => {
      const piece = fc.constantFrom(
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        '"',
        "\\",
        " ",
        "-",
        "0",
        ".5",
        "1e400",
        "12345678901234567",
        '"a"',
      );
      fc.assert(
        fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
          const body = pieces.join("");
          fc.pre(body !== "");
          let isValid = true;
          try {
            JSON.parse(body);
          } catch {
            isValid = false;
          }
          if (isValid) expect(() => decode(body)).not.toThrow();
          else expect(failure(() => decode(body)).code).toBe("response_invalid");
        }),
        { numRuns: 5000 },
      );
    });

    it("of a million digits do not stall", () => {
      expect(decode(`[${"9".repeat(1_000_000)}]`)).toEqual(["9".repeat(1_000_000)]);
    });
  });

  const suite = suitePath("json-parsing/test_parsing");
  describe.skipIf(!suite)("the JSON parsing suite", () => {
    const files = suite ? readdirSync(suite) : [];
    const read = (name: string) => readFileSync(join(suite ?? "", name));
    const named = (prefix: string) => files.filter((name) => name.startsWith(prefix));

    it("is accepted where it must be", () => {
      expect(named("y_").length).toBeGreaterThan(90);
      for (const name of named("y_")) expect(() => decode(read(name)), name).not.toThrow();
    });

    it("is refused where it must be, at the place that the text alone decides", () => {
      // An empty body is null by our rule.
      const refused = named("n_").filter((name) => name !== "n_structure_no_data.json");
      expect(refused.length).toBeGreaterThan(180);
      for (const name of refused) {
        const error = failure(() => decode(read(name)));
        expect(error.code, name).toBe("response_invalid");
        expect(error.details?.offset, name).toBeLessThanOrEqual(read(name).length);
      }
    });

    it("ends in a value or a ConnectorError where the choice is ours", () => {
      for (const name of named("i_")) {
        try {
          decode(read(name));
        } catch (error) {
          expect(ConnectorError.is(error), name).toBe(true);
        }
      }
    });
  });

  it("ends in a value or a ConnectorError for any bytes", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.constantFrom<ResponseType>("json", "jsonl", "text"),
        (bytes, type) => {
          try {
            decode(bytes, type);
          } catch (error) {
            expect(ConnectorError.is(error)).toBe(true);
          }
        },
      ),
    );
  });

  it("finds the place where the host's parser fails, for any damage to a text", () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom("", ",", "]", "}", '"', "\\", "0", "-", "e", ":", "x", "\n"),
        (text, where, put) => {
          const at = where % (text.length + 1);
          const damaged = text.slice(0, at) + put + text.slice(at + 1);
          let valid = true;
          try {
            JSON.parse(damaged);
          } catch {
            valid = false;
          }
          if (valid || damaged === "") return;
          const offset = Number(failure(() => decode(damaged)).details?.offset);
          // All that stands before the damage is right.
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(offset).toBeLessThanOrEqual(damaged.length);
        },
      ),
    );
  });
});

describe("text bodies", () => {
  it.each([
    [[0x5a, 0x6f, 0xc3, 0xab], undefined, "Zoë"],
    [[0x5a, 0x6f, 0xeb], "text/plain; charset=ISO-8859-1", "Zoë"],
    [[0x82, 0xa0], 'text/plain; charset="shift_jis"', "あ"],
    [[0x61], "text/plain; charset=klingon", "a"],
    [[0xef, 0xbb, 0xbf, 0x61], "text/plain;charset=utf-8", "a"],
    [[], undefined, ""],
  ])("%j as %s", (bytes, contentType, text) =>
    expect(decode(new Uint8Array(bytes), "text", contentType)).toBe(text),
  );

  it("are not guessed at where the bytes are wrong", () => {
    expect(failure(() => decode(new Uint8Array([0xff]), "text")).details).toEqual({ offset: 0 });
    expect(
      failure(() => decode(new Uint8Array([0x82]), "text", "text/plain; charset=shift_jis")).message,
    ).toContain("shift_jis");
  });
});

it("binary bodies are their bytes", () => {
  expect(decodeBody([new Uint8Array([0, 255]), new Uint8Array([1])], "binary", undefined)).toEqual(
    new Uint8Array([0, 255, 1]),
  );
  expect(decodeBody([], "binary", undefined)).toEqual(new Uint8Array());
});

describe("JSON Lines bodies", () => {
  it("are one value a line", () => {
    expect(decode('{"a":1}\r\n\n[2]\n12345678901234567890', "jsonl")).toEqual([
      { a: 1 },
      [2],
      "12345678901234567890",
    ]);
    expect(decode("", "jsonl")).toEqual([]);
  });

  it("are refused at the line", () => {
    expect(failure(() => decode('{"a":1}\n{"a":}', "jsonl")).details).toEqual({ line: 2, offset: 5 });
  });
});

describe("CSV bodies", () => {
  it("are records of strings by the header row", async () => {
    const body = '\ufeffid,name\r\n1,"Zoë, ""Z"""\r\n2,"two\nlines"\r\n';
    expect(await decode(body, "csv")).toEqual([
      { id: "1", name: 'Zoë, "Z"' },
      { id: "2", name: "two\nlines" },
    ]);
    expect(await decode("a\tb\n1\t2", "csv", "text/tab-separated-values")).toEqual([{ a: "1", b: "2" }]);
    expect(await decode("", "csv")).toEqual([]);
    expect(await decode("a,b\n", "csv")).toEqual([]);
  });

  it("keep a column called __proto__ as data", async () => {
    const [record] = (await decode("__proto__,a\nx,1", "csv")) as object[];
    expect(Object.entries(record ?? {})).toEqual([
      ["__proto__", "x"],
      ["a", "1"],
    ]);
  });

  it.each([
    ["a,b\n1,2\n1\n", /line 3/],
    ['a\n"canary', /not valid CSV/],
    ["a,b,a\n1,2,3", /column 3/],
  ])("%j is refused", async (body, message) => {
    const error = await lateFailure(() => decode(body, "csv"));
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("canary");
  });
});

describe("XML bodies", () => {
  it("are objects of strings", async () => {
    const body = `<?xml version="1.0"?><!-- c --><r xmlns:x="u"><id n="1">007</id><x:i>a &amp; b &lt;</x:i><x:i><![CDATA[<!DOCTYPE>]]></x:i><e/></r>`;
    expect(await decode(body, "xml")).toEqual({
      r: { "@xmlns:x": "u", id: { "#text": "007", "@n": "1" }, "x:i": ["a & b <", "<!DOCTYPE>"], e: "" },
    });
    expect(await decode("", "xml")).toBe(null);
  });

  it("are read by the encoding that they declare", async () => {
    const body = Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?><a>Zoë</a>`, "latin1");
    expect(await decode(body, "xml")).toEqual({ a: "Zoë" });
  });

  it.each([
    ['<!DOCTYPE a [<!ENTITY b "canary">]><a>&b;</a>', /document type/],
    ['<?xml version="1.0"?><!-- x --> <!doctype a><a/>', /document type/],
    ["<a><b></a>", /line 1/],
    ["<a>canary", /not valid XML/],
    ["plain", /not valid XML/],
    ["<?xml version='1.0'?>", /line 1, column 1/],
    ["<a>".repeat(500) + "</a>".repeat(500), /nested past 128/],
    ["<__proto__><x>1</x></__proto__>", /reserved name/],
  ])("%.60s is refused", async (body, message) => {
    const error = await lateFailure(() => decode(body, "xml"));
    expect(error).toMatchObject({ code: "response_invalid" });
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("canary");
  });

  it.each([
    ["<a>&#65;&#x1F4A9;&apos;&amp;lt;</a>", { a: "A💩'&lt;" }],
    ["<a>&#0;&#xd800;&#x110000;&#12345678901;</a>", { a: "&#0;&#xd800;&#x110000;&#12345678901;" }],
    ["<a> x </a>", { a: " x " }],
    ["<a b=' x &quot;'/>", { a: { "@b": ' x "' } }],
    ["<a>\n  <b>1</b>\n  <b>2</b>\n</a>\n", { a: { b: ["1", "2"] } }],
    ["<a>x<b/>y</a>", { a: { b: "", "#text": "xy" } }],
    [
      "<a><toString>1</toString><hasOwnProperty>2</hasOwnProperty></a>",
      { a: { toString: "1", hasOwnProperty: "2" } },
    ],
  ])("keep what they hold: %s", async (body, value) => expect(await decode(body, "xml")).toEqual(value));

  it("leave an unknown entity as it stands", async () => {
    expect(await decode("<a>&nbsp;x</a>", "xml")).toEqual({ a: "&nbsp;x" });
  });

  it("nested 100,000 deep end in an error", async () => {
    const error = await lateFailure(() => decode("<a>".repeat(100_000) + "</a>".repeat(100_000), "xml"));
    expect(error.code).toBe("response_invalid");
  });
});
