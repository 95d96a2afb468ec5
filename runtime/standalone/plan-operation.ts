/**
 * What is worked out once for an operation of a standalone client, whose answers are not held against their schemas; stands in
 * for `operation-plan.ts`.
 */
import type { OperationAuth } from "../../schema/ir.ts";
import type { OperationPlan, PlanRequest } from "../call/operation-plan.ts";
import { createDestinations } from "../destinations.ts";
import { compileParameters } from "../request/parameters.ts";
import { planExchange } from "../request/plan.ts";
import { noStreams } from "../request/whole-body.ts";
import { checkPatterns } from "../settings.ts";

const nowhere: OperationAuth["placement"] = { headers: [], query: [], cookies: [] };

export async function planOperation({
  context,
  operation,
  auth,
  profile,
  holder,
}: PlanRequest): Promise<OperationPlan> {
  await checkPatterns(context.ir, context.settings);
  const { exchange, errors, retry, parameters } = operation;
  return {
    operation,
    holder,
    exchange: planExchange(exchange, auth?.placement ?? nowhere, context.ir.slug, context.signerOf(profile)),
    rules: {
      response: exchange.response,
      errors,
      expired: profile?.expired_when ?? [],
      retry,
      limited: context.ir.limits.length > 0,
    },
    readParameters: compileParameters(
      parameters,
      undefined,
      noStreams(exchange, auth?.placement ?? nowhere, profile?.signer) ??
        "is a stream, which `fetch` does not send everywhere. Give its bytes or a Blob",
    ),
    takesFiles: false,
    judge: createDestinations(profile, context.core.rules),
    schemaCheck: undefined,
    recordCheck: undefined,
    schemaMode: "off",
    listed: undefined,
    client: context.clientOf(profile),
  };
}
