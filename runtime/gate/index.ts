/** `connectorc/gate`: control of calls that change something, for MCP servers and for services that call by themselves. */

export type * from "../platform.ts";
export { callThroughGate, type GatedCall } from "./call-through-gate.ts";
export type { EntityKey } from "./entity-key.ts";
export { type Gate, type GateCaller, type GateGrant, type GateRequest, openGate } from "./gate.ts";
export { type Policy, type PolicyAction, type PolicyRule, readPolicy } from "./policy.ts";
export { createGate, type GateOptions } from "./policy-gate.ts";
export { type GateDecision, type Receipt, type ReceiptSink, receiptLine } from "./receipt.ts";
