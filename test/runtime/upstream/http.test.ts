import { describe } from "vitest";
import { upstreamCases } from "./http-cases.ts";
import { statelessServer } from "./support.ts";

describe("a server of the revision 2026-07-28", () => upstreamCases("2026-07-28", statelessServer));
