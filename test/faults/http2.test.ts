/** The faults that a server can make over HTTP/2, each once; at every place, under every method: http2.slow.test.ts. */
import { describe, expect, it } from "vitest";
import { families } from "./families.ts";
import { isForHttp2 } from "./fault.ts";
import { judge } from "./judge.ts";
import { play } from "./scene.ts";

describe.each(Object.entries(families))("over HTTP/2: %s", (_, faults) => {
  it.each(faults.filter(isForHttp2).map((fault) => [fault.name, fault] as const))(
    "%s",
    async (_name, fault) => {
      const played = await play(fault, "POST", fault.at?.[0] ?? "operation", "HTTP/2");
      expect(judge(fault, played, "HTTP/2")).toEqual([]);
    },
  );
});
