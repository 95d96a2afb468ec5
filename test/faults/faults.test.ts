/** Every fault at every place it can be, under every method: what the caller sees, and what always holds. */
import { describe, expect, it } from "vitest";
import { families } from "./families.ts";
import { anyPlace, methods } from "./fault.ts";
import { judge } from "./judge.ts";
import { play } from "./scene.ts";

describe.each(Object.entries(families))("%s", (_, faults) => {
  describe.each(faults.map((fault) => [fault.name, fault] as const))("%s", (_name, fault) => {
    for (const place of fault.at ?? anyPlace)
      it.each(methods)(`at the ${place}, by %s`, async (method) => {
        expect(judge(fault, await play(fault, method, place))).toEqual([]);
      });
  });
});
