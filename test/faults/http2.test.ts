/** The faults that a server can make over HTTP/2, each once; more places and methods: http2.slow and http2-frames.slow. */
import { describe, expect, it } from "vitest";
import { http2Faults } from "./families/http2.ts";
import { families } from "./families.ts";
import { isForHttp2 } from "./fault.ts";
import { judge } from "./judge.ts";
import { play } from "./scene.ts";

describe.each(Object.entries({ ...families, "HTTP/2 alone": http2Faults }))(
  "over HTTP/2: %s",
  (_, faults) => {
    it.each(faults.filter(isForHttp2).map((fault) => [fault.name, fault] as const))(
      "%s",
      async (_name, fault) => {
        const played = await play(fault, "POST", fault.at?.[0] ?? "operation", "HTTP/2");
        expect(judge(fault, played, "HTTP/2")).toEqual([]);
      },
    );
  },
);
