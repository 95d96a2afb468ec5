/** The faults of HTTP/2 alone, at every place they can be, under every method. */
import { describe, expect, it } from "vitest";
import { http2Faults } from "./families/http2.ts";
import { anyPlace, methods } from "./fault.ts";
import { judge } from "./judge.ts";
import { play } from "./scene.ts";

describe.each(http2Faults.map((fault) => [fault.name, fault] as const))("%s", (_name, fault) => {
  for (const place of fault.at ?? anyPlace)
    it.each(methods)(`at the ${place}, by %s`, async (method) => {
      expect(judge(fault, await play(fault, method, place, "HTTP/2"), "HTTP/2")).toEqual([]);
    });
});
