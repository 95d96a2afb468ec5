/**
 * `connectorc/testing`: what the project tests itself with, for those who build on it: a server that answers as
 * scripted and breaks as scripted, a clock that stands still, and state stores that hold in memory or fail.
 */

export { createMemoryState, type MemoryState } from "../state/memory-state.ts";
export * from "./certificate.ts";
export * from "./clock.ts";
export * from "./failing-state.ts";
export * from "./server.ts";
export * from "./server-faults.ts";
export * from "./server-pages.ts";
export * from "./server-replies.ts";
export * from "./server-tokens.ts";
export type * from "./server-types.ts";
export * from "./state-contract.ts";
