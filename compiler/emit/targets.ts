import { emitIr } from "./ir/index.ts";
import { emitMcp } from "./mcp/index.ts";
import { emitOpenApi } from "./openapi/index.ts";
import type { Emitter } from "./output.ts";
import { emitTypeScript } from "./typescript/index.ts";

/** What `build --target` may name; a new target is a folder here and a line. */
export const targets: { readonly [name: string]: Emitter } = {
  ts: emitTypeScript,
  ir: emitIr,
  openapi: emitOpenApi,
  mcp: emitMcp,
};
