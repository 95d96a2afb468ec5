import { emitIr } from "./ir/index.ts";
import { emitMcp } from "./mcp/index.ts";
import { emitMcpb } from "./mcpb/index.ts";
import type { Publication } from "./mcpb/server-json.ts";
import { emitOpenApi } from "./openapi/index.ts";
import type { Emitter } from "./output.ts";
import { emitTypeScript } from "./typescript/index.ts";
import { emitStandalone } from "./typescript/standalone/index.ts";

/** What `build --target` may name; a new target is a folder here and a line. */
export const targets: { readonly [name: string]: Emitter } = {
  ts: emitTypeScript,
  ir: emitIr,
  openapi: emitOpenApi,
  mcp: emitMcp,
  mcpb: (ir) => emitMcpb(ir),
};

/** What `build --mode` may name for the target `ts`. */
export const modes: { readonly [name: string]: Emitter } = {
  runtime: emitTypeScript,
  standalone: (ir) => emitStandalone(ir),
};

/** The target `mcpb` with the registry's `server.json` beside it. */
export function publishedBundles(publication: Publication): Emitter {
  return (ir) => emitMcpb(ir, publication);
}
