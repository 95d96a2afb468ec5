/** The types of standalone clients are those of the runtime, as far as they go: `npm run types` holds the assignments. */
import { readFileSync } from "node:fs";
import { describe, expect, expectTypeOf, it } from "vitest";
import type * as runtime from "../../../runtime/index.ts";
import type * as standalone from "../../../runtime/standalone/types.ts";
import { errorCodes } from "../../../schema/language/error-codes.ts";

describe("types of standalone clients", () => {
  it("take what the runtime gives, and give what it takes", () => {
    expectTypeOf<runtime.Connection>().toExtend<standalone.Connection>();
    expectTypeOf<runtime.ConnectorError>().toExtend<standalone.ConnectorError>();
    expectTypeOf<runtime.CallResult>().toEqualTypeOf<standalone.CallResult>();
    expectTypeOf<runtime.CallOptions>().toEqualTypeOf<standalone.CallOptions>();
    expectTypeOf<runtime.PageOptions>().toEqualTypeOf<standalone.PageOptions>();
    expectTypeOf<runtime.RawRequest>().toEqualTypeOf<standalone.RawRequest>();
    expectTypeOf<runtime.Page>().toEqualTypeOf<standalone.Page>();
    expectTypeOf<Omit<runtime.ConnectOptions, "schemaCheck">>().toExtend<standalone.ConnectOptions>();
    expectTypeOf<standalone.ConnectOptions>().toExtend<runtime.ConnectOptions>();
    expectTypeOf<runtime.Clock>().toExtend<standalone.Clock>();
    expectTypeOf<runtime.Random>().toEqualTypeOf<standalone.Random>();
  });

  it("list the codes of the runtime", () => {
    const text = readFileSync(new URL("../../../runtime/standalone/types.ts", import.meta.url), "utf8");
    const union = /export type ErrorCode =([^;]*);/.exec(text)?.[1] ?? "";
    expect([...union.matchAll(/"(\w+)"/g)].map(([, code]) => code).sort()).toEqual([...errorCodes].sort());
  });

  it("import nothing, since they become a part of every client", () => {
    const text = readFileSync(new URL("../../../runtime/standalone/types.ts", import.meta.url), "utf8");
    expect(text).not.toMatch(/^import/m);
  });
});
