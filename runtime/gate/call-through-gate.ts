import type { Operation } from "../../schema/ir.ts";
import type { CallOptions, CallResult, Connection, Parameters } from "../connection/connection.ts";
import type { Gate, GateCaller } from "./gate.ts";

/** A call and whose it is. */
export interface GatedCall {
  readonly gate: Gate;
  readonly caller: GateCaller;
  readonly connection: Connection;
  readonly operation: Operation;
  readonly parameters: Parameters;
  readonly options: CallOptions & { readonly signal: AbortSignal };
  /** What the caller knows the operation by. Default: its own id. */
  readonly tool?: string;
  readonly confirm?: () => Promise<boolean>;
}

/** Calls an operation; what changes something goes through the gate. Rejects with a `ConnectorError`. */
export function callThroughGate(call: GatedCall): Promise<CallResult> {
  const { gate, caller, connection, operation, parameters, options, confirm } = call;
  const { id, tags, side_effecting, destructive, idempotent, idempotency_header } = operation;
  if (!side_effecting) return connection.call(id, parameters, options);
  const { signal, idempotencyKey } = options;
  const request = {
    connector: connection.slug,
    operation: id,
    tool: call.tool ?? id,
    tags,
    destructive,
    idempotent,
    takesKey: idempotency_header !== undefined,
    caller,
    parameters,
    signal,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(confirm ? { confirm } : {}),
  };
  return gate.run(request, (grant) => connection.call(id, parameters, { ...options, ...grant }));
}
