/** What the core of a standalone client exports: names of the runtime, with less behind them. */
export { makeRuntime } from "./create-runtime.ts";
export { ConnectorError } from "./errors.ts";
