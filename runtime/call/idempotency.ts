import type { Operation } from "../../schema/ir.ts";
import { ConnectorError } from "../errors.ts";
import type { Random } from "../ports.ts";
import { noOverrides, type Overrides } from "../request/plan.ts";

/** The idempotency key of one call, the same on all its attempts; made up where a write needs one and none is given. */
export function idempotencyOverrides(
  { idempotency_header, idempotent }: Operation,
  given: string | undefined,
  random: Random,
): Overrides {
  if (idempotency_header === undefined || (idempotent && given === undefined)) return noOverrides;
  const value = given ?? random.uuid();
  if (/^[\x21-\x7e]{1,255}$/.test(value))
    return { ...noOverrides, headers: [{ name: idempotency_header.toLowerCase(), value }] };
  throw new ConnectorError({
    code: "invalid_parameters",
    phase: "parameters",
    message: "`idempotencyKey` must be 1 to 255 printable ASCII characters without blanks.",
  });
}

/** A write under a key that guards it may be sent again. */
export function isGuarded(operation: Operation, overrides: Overrides): boolean {
  const header = operation.idempotency_header?.toLowerCase();
  return header !== undefined && overrides.headers.some(({ name }) => name === header);
}
