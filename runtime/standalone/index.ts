/** What the core of a standalone client exports: names of the runtime, with less behind them. */
export { ConnectorError } from "../errors.ts";
export { Secret } from "../secrets/secret.ts";
export { makeRuntime } from "./create-runtime.ts";
