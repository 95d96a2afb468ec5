/** Every fault that a server can make over HTTP/2, at every place; over all of them it meets every method. */
import { describe, expect, it } from "vitest";
import { families } from "./families.ts";
import { anyPlace, type Fault, isForHttp2, type Method, methods, type Place } from "./fault.ts";
import { judge } from "./judge.ts";
import { play } from "./scene.ts";

/** Under HTTP/1.1 every place meets every method; HTTP/2 lies below both. */
function cells({ at = anyPlace }: Fault): readonly (readonly [Place, Method])[] {
  if (at.length < methods.length)
    return at.flatMap((place) => methods.map((method) => [place, method] as const));
  return at.map((place, n) => [place, methods[n % methods.length] ?? "GET"] as const);
}

describe.each(Object.entries(families))("over HTTP/2: %s", (_, faults) => {
  describe.each(faults.filter(isForHttp2).map((fault) => [fault.name, fault] as const))(
    "%s",
    (_name, fault) => {
      it.each(cells(fault))("at the %s, by %s", async (place, method) => {
        expect(judge(fault, await play(fault, method, place, "HTTP/2"), "HTTP/2")).toEqual([]);
      });
    },
  );
});
