import type { Json, JsonObject, JsonSchema, Operation, OperationAuth, Profile } from "../../schema/ir.ts";
import type { JsonPath } from "../../schema/language/jsonpath.ts";
import type { SchemaCheck } from "../../schema/language/schema-check/index.ts";
import type { ConnectionContext } from "../connection/connection-context.ts";
import type { ClientOf } from "../credentials/client-certificate.ts";
import type { CredentialHolder } from "../credentials/holder.ts";
import { createDestinations, type JudgeDestination } from "../destinations.ts";
import { ConnectorError } from "../errors.ts";
import { unfilteredPath } from "../paginate/records.ts";
import { checkHeaderName } from "../request/entries.ts";
import { compileParameters, type ReadParameters } from "../request/parameters.ts";
import { type ExchangePlan, planExchange } from "../request/plan.ts";
import { noStreams } from "../request/whole-body.ts";
import { loadPathEngines } from "../response/jsonpath.ts";
import { loadMatchers } from "../response/matcher.ts";
import { checkPatterns } from "../settings.ts";
import type { AnswerRules } from "./verdict.ts";

/** How much a response schema weighs: `warn` tells in the result, `strict` fails the call. */
export type SchemaCheckMode = "off" | "warn" | "strict";

/** Everything that is worked out once for an operation of a connection, so that a call parses and compiles nothing. */
export interface OperationPlan {
  readonly operation: Operation;
  readonly holder: CredentialHolder;
  /** Of the profile whose credentials it sends. */
  readonly profile: string | undefined;
  readonly exchange: ExchangePlan;
  readonly rules: AnswerRules;
  readonly readParameters: ReadParameters;
  readonly takesFiles: boolean;
  readonly judge: JudgeDestination;
  readonly schemaCheck: SchemaCheck | undefined;
  /** Of one record, where the answer is a list of them that can be read while it comes. */
  readonly recordCheck: SchemaCheck | undefined;
  readonly schemaMode: SchemaCheckMode;
  /** The lists from which `records_path` picks, where it has a filter. */
  readonly listed: JsonPath | undefined;
  readonly client: ClientOf;
}

export interface PlanRequest {
  readonly context: ConnectionContext;
  readonly operation: Operation;
  readonly auth: OperationAuth | undefined;
  readonly profile: Profile | undefined;
  readonly holder: CredentialHolder;
  readonly schemaMode: SchemaCheckMode;
}

/** Makes the plan; loads the engines that the operation needs, if any. */
export async function planOperation(request: PlanRequest): Promise<OperationPlan> {
  const { context, operation, auth, profile, holder, schemaMode } = request;
  const expired = profile?.expired_when ?? [];
  const listed = unfilteredPath(operation.exchange.response.records);
  await Promise.all([
    loadPathEngines([...pathsOf(operation), ...(listed ? [listed] : [])]),
    loadMatchers(matchersOf(operation, profile)),
    checkPatterns(context.ir, context.settings),
  ]);
  const checks = needsSchemaCheck(operation, schemaMode)
    ? await import("../../schema/language/schema-check/index.ts")
    : undefined;
  const makeCheck =
    checks &&
    ((schema: JsonSchema, direction: "request" | "response"): SchemaCheck => {
      try {
        return checks.createSchemaCheck(schema, context.ir.schemas, direction);
      } catch (error) {
        if (!(error instanceof checks.SchemaReferenceError)) throw error;
        throw new ConnectorError({
          code: "configuration",
          phase: "configuration",
          message: `${error.message} Compile the descriptor again.`,
          details: { reference: error.reference },
        });
      }
    });
  checkSentHeaders(operation);
  const placement = auth?.placement ?? { headers: [], query: [], cookies: [] };
  const { schema } = operation.exchange.response;
  const recordSchema = recordSchemaOf(operation);
  return {
    operation,
    holder,
    profile: profile?.id,
    exchange: planExchange(operation.exchange, placement, context.ir.slug, context.signerOf(profile)),
    rules: {
      response: operation.exchange.response,
      errors: operation.errors,
      expired,
      retry: operation.retry,
      limited: context.ir.limits.length > 0,
    },
    readParameters: compileParameters(
      operation.parameters,
      makeCheck && ((schema) => makeCheck(schema, "request")),
      noStreams(operation.exchange, placement, profile?.signer),
    ),
    takesFiles: operation.parameters.some(({ type }) => type === "file"),
    judge: createDestinations(profile, context.core.rules),
    schemaCheck: schema !== undefined && schemaMode !== "off" ? makeCheck?.(schema, "response") : undefined,
    recordCheck:
      recordSchema !== undefined && schemaMode !== "off" ? makeCheck?.(recordSchema, "response") : undefined,
    schemaMode,
    listed,
    client: context.clientOf(profile),
  };
}

/** What paging and idempotency add to a request; its own headers are judged where they are compiled. */
function checkSentHeaders({ pagination, idempotency_header }: Operation): void {
  if (idempotency_header !== undefined) checkHeaderName(idempotency_header);
  if (pagination.kind === "none" || pagination.kind === "link_header") return;
  if (pagination.slot?.kind === "header") checkHeaderName(pagination.slot.name);
  if (pagination.kind !== "cursor") return;
  for (const { slot } of pagination.more ?? []) if (slot.kind === "header") checkHeaderName(slot.name);
}

/** What the schema of a list says of each record. */
function recordSchemaOf({ exchange }: Operation): JsonSchema | undefined {
  const { type, schema } = exchange.response;
  if ((type !== "jsonl" && type !== "csv") || typeof schema !== "object") return undefined;
  return isObject(schema.items) ? schema.items : undefined;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function needsSchemaCheck(operation: Operation, mode: SchemaCheckMode): boolean {
  const ofResponse = operation.exchange.response.schema !== undefined && mode !== "off";
  return ofResponse || operation.parameters.some((parameter) => parameter.schema !== undefined);
}

function pathsOf({ exchange, pagination }: Operation): JsonPath[] {
  const { records, error_message, error_code } = exchange.response;
  const paths: (JsonPath | undefined)[] = [records, error_message, error_code];
  if (pagination.kind !== "none")
    paths.push(pagination.has_more, pagination.total, ...pagination.primary_key);
  if (pagination.kind === "cursor") {
    if (pagination.source.kind !== "header") paths.push(pagination.source.path);
    paths.push(...(pagination.more ?? []).map(({ path }) => path));
  }
  return paths.filter((path) => path !== undefined);
}

function matchersOf(
  { errors, pagination }: Operation,
  profile: Profile | undefined,
): Profile["expired_when"] {
  return [
    ...errors.map((rule) => rule.when),
    ...(pagination.kind === "none" ? [] : pagination.stop_when),
    ...(profile?.expired_when ?? []),
  ];
}
