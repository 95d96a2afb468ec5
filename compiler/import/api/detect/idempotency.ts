/** Headers that make a repeated call no second one. */
import type { Parameter } from "../../../../schema/descriptor.ts";
import type { ApiOperation } from "../model.ts";

const known =
  /^(?:x-)?(?:idempotency-?key|idempotent-?key|idempotency|idempotency-?token|idempotence-?key)$|^paypal-request-id$/i;

export interface Idempotency {
  readonly header: string;
  /** The parameter that the runtime fills in: callers need not. */
  readonly parameter: Parameter;
}

export function detectIdempotency(
  operation: ApiOperation,
  parameters: readonly Parameter[],
): Idempotency | undefined {
  if (!["POST", "PATCH", "PUT", "DELETE"].includes(operation.method)) return undefined;
  const parameter = parameters.find(
    (one) => one.location === "header" && known.test(one.wire_name ?? one.name),
  );
  return parameter && { header: parameter.wire_name ?? parameter.name, parameter };
}
