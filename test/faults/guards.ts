/** The guards of all promises: an area a file in `guards/`. */
import type { Guard } from "./guard.ts";
import { authorGuards } from "./guards/author.ts";
import { closeGuards } from "./guards/close.ts";
import { fleetGuards } from "./guards/fleet.ts";
import { fleetScriptGuards } from "./guards/fleet-script.ts";

import { gateGuards } from "./guards/gate.ts";
import { http2Guards } from "./guards/http2.ts";
import { importGuards } from "./guards/import.ts";
import { mcpGuards } from "./guards/mcp.ts";
import { pacingGuards } from "./guards/pacing.ts";
import { pagingGuards } from "./guards/paging.ts";
import { retryGuards } from "./guards/retry.ts";
import { standaloneGuards } from "./guards/standalone.ts";
import { stateGuards } from "./guards/state.ts";
import { streamingGuards } from "./guards/streaming.ts";
import { transportGuards } from "./guards/transport.ts";
import { validateGuards } from "./guards/validate.ts";

export const guards: readonly Guard[] = [
  ...authorGuards,
  ...closeGuards,
  ...fleetScriptGuards,
  ...fleetGuards,
  ...gateGuards,
  ...http2Guards,
  ...importGuards,
  ...mcpGuards,
  ...pacingGuards,
  ...pagingGuards,
  ...retryGuards,
  ...standaloneGuards,
  ...stateGuards,
  ...streamingGuards,
  ...transportGuards,
  ...validateGuards,
];
