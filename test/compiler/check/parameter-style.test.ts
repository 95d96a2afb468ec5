/** `deepObject` writes maps and lists in brackets: in the query, and the lists of a form. */
import { describe, expect, test } from "vitest";
import { findings, listing, messages } from "./listing.ts";

const body = (type: string, content: string): string =>
  listing(`endpoint: /x
method: POST
content_type: ${content}
parameters: [{ name: ids, location: body, field_type: ${type}, style: deepObject }]`);
const told = async (text: string): Promise<readonly string[]> =>
  (await findings(text)).flatMap(({ rule, at }) => (rule === "parameter/style" ? [at] : []));

describe("flag", () => {
  test("takes a truth value in the query, and nothing else", async () => {
    const one = (location: string, type: string): string =>
      listing(
        `endpoint: /x\nparameters: [{ name: ids, location: ${location}, field_type: ${type}, style: flag }]`,
      );
    expect(await told(one("query", "boolean"))).toEqual([]);
    expect(await told(one("cookie", "boolean"))).toEqual(["flag"]);
    expect(await messages(one("query", "string"))).toContain(
      "`flag` is for true and false, and this parameter is of type string.",
    );
  });
});

describe("deepObject", () => {
  test.each(["object", "array", "json"])("takes a parameter of type %s in the query", async (type) => {
    const parameter = `{ name: ids, location: query, field_type: ${type}, style: deepObject }`;
    expect(await told(listing(`endpoint: /x\nparameters: [${parameter}]`))).toEqual([]);
  });

  test("takes the list of a form", async () => {
    expect(await told(body("array", "form"))).toEqual([]);
    expect(await told(body("array", "application/x-www-form-urlencoded; charset=utf-8"))).toEqual([]);
  });

  test.each(["json", "multipart"])("means nothing in a %s body", async (content) => {
    expect(await told(body("array", content))).toEqual(["deepObject"]);
  });

  test("has nothing to put into brackets of a text", async () => {
    expect(await messages(body("string", "form"))).toContain(
      "`deepObject` is for maps and lists, and this parameter is of type string.",
    );
  });
});
