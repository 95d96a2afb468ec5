/** Every fault that a server can make over HTTP/2, at every place, under every method. */
import { describe, expect, it } from "vitest";
import { families } from "./families.ts";
import { anyPlace, isForHttp2, methods } from "./fault.ts";
import { judge } from "./judge.ts";
import { play } from "./scene.ts";

describe.each(Object.entries(families))("over HTTP/2: %s", (_, faults) => {
  describe.each(faults.filter(isForHttp2).map((fault) => [fault.name, fault] as const))(
    "%s",
    (_name, fault) => {
      for (const place of fault.at ?? anyPlace)
        it.each(methods)(`at the ${place}, by %s`, async (method) => {
          expect(judge(fault, await play(fault, method, place, "HTTP/2"), "HTTP/2")).toEqual([]);
        });
    },
  );
});
