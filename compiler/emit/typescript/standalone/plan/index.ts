/** From the representation to the plan that a standalone client carries. */
import type {
  Connector,
  Limit,
  Operation,
  PageSlot,
  Pagination,
  Parameter,
} from "../../../../../schema/ir.ts";
import { createSchemaCheck } from "../../../../../schema/language/schema-check/index.ts";
import {
  type FieldPlan,
  type LimitPlan,
  nullField,
  type OperationPlan,
  type PagePlan,
  type Plan,
  type ProfilePlan,
  type RetryPlan,
  requiredField,
  type SlotPlan,
  type StepPlan,
  secretField,
  specialField,
} from "../../../../../schema/standalone-plan.ts";
import { exchangeOf, list, matcherOf, placementOf, stepsOf } from "./exchange.ts";
import { fieldOf, isText, profileOf } from "./profile.ts";

export function planOf(ir: Connector): Plan {
  return {
    slug: ir.slug,
    hash: ir.content_hash.slice(0, 16),
    ...list("settings", ir.settings.map(fieldOf)),
    ...list(
      "profiles",
      ir.profiles.map((profile) => paced(profileOf(profile, ir), ir)),
    ),
    ...list("limits", ir.limits.map(limitOf)),
    operations: ir.operations.map((operation) => operationOf(operation, ir)),
  };
}

/** Its steps count against the limits that say so. */
function paced({ steps = [], refresh, after = [], ...profile }: ProfilePlan, ir: Connector): ProfilePlan {
  const limits = ir.limits.flatMap((limit, at) => (limit.includes_auth ? [at] : []));
  const stepOf = (step: StepPlan): StepPlan => ({ ...step, ...list("limits", limits) });
  return {
    ...profile,
    ...list("steps", steps.map(stepOf)),
    ...(refresh ? { refresh: stepOf(refresh) } : {}),
    ...list("after", after.map(stepOf)),
  };
}

const breadths = { per_token: 0, per_connection: 1, per_user: 2, per_account: 3 } as const;

function operationOf(operation: Operation, { limits, schemas }: Connector): OperationPlan {
  const { id, parameters, exchange, auth, cost, pagination, errors, timeout_ms, idempotency_header } =
    operation;
  const breadth = (at: number): number => breadths[limits[at]?.scope ?? "per_account"];
  const seconds = (at: number): number => limits[at]?.interval_seconds ?? 0;
  const narrowestFirst = [...operation.limits].sort(
    (a, b) => breadth(a) - breadth(b) || seconds(a) - seconds(b),
  );
  return {
    id,
    ...list(
      "parameters",
      parameters.map((parameter) => parameterOf(parameter, schemas)),
    ),
    ...exchangeOf(exchange),
    ...list(
      "auth",
      auth.map(({ profile, placement }) => [profile, placementOf(placement)] as const),
    ),
    ...list("limits", narrowestFirst),
    ...(cost === 1 ? {} : { cost }),
    ...(pagination.kind === "none" ? {} : { pages: pagesOf(pagination) }),
    ...retryOf(operation),
    ...list(
      "errors",
      errors.map(({ when, ...rest }) => ({ when: matcherOf(when), ...rest })),
    ),
    ...(timeout_ms === undefined ? {} : { timeout: timeout_ms }),
    ...(operation.idempotent ? {} : { once: true as const }),
    ...(idempotency_header === undefined ? {} : { guard: idempotency_header.toLowerCase() }),
    ...(operation.deprecated
      ? { deprecated: operation.deprecated_message ?? `The operation ${id} is deprecated.` }
      : {}),
  };
}

/** As the core has it, for steps and for operations without a rule of their own. */
const usual: RetryPlan = [3, [408, 425, 429, 500, 502, 503, 504], 100, 20_000];

function retryOf({ retry }: Operation): { readonly retry?: RetryPlan } {
  const plan: RetryPlan = [retry.max_attempts, retry.on_status, retry.initial_ms, retry.max_ms];
  return JSON.stringify(plan) === JSON.stringify(usual) ? {} : { retry: plan };
}

function parameterOf(parameter: Parameter, schemas: Connector["schemas"]): FieldPlan {
  const { name, type, required, secret, location, default: otherwise, schema } = parameter;
  const isStructure = location === "body" && (type === "object" || type === "array");
  const takesNull =
    required &&
    location === "body" &&
    schema !== undefined &&
    createSchemaCheck(schema, schemas)(null).length === 0;
  const bits =
    (required ? requiredField : 0) |
    (secret ? secretField : 0) |
    (isStructure ? specialField : 0) |
    (takesNull ? nullField : 0);
  return {
    key: name,
    ...(isText(type) ? {} : { type }),
    ...(bits === 0 ? {} : { bits }),
    ...(otherwise === undefined ? {} : { default: otherwise }),
  };
}

function limitOf(limit: Limit, at: number): LimitPlan {
  const { name, scope, interval_seconds, burst, max_concurrent, response_headers } = limit;
  const remaining = response_headers?.remaining;
  const reset = response_headers?.reset;
  return {
    name: name ?? String(at),
    scope,
    limit: limit.limit,
    seconds: interval_seconds,
    ...(burst === 0 ? {} : { burst }),
    ...(max_concurrent === undefined ? {} : { concurrent: max_concurrent }),
    ...(limit.smooth ? { smooth: true as const } : {}),
    ...(limit.shared ? { shared: true as const } : {}),
    ...(remaining === undefined ? {} : { remaining: remaining.toLowerCase() }),
    ...(reset ? { reset: [reset.header.toLowerCase(), reset.unit] as const } : {}),
  };
}

function slotOf(slot: PageSlot): SlotPlan {
  return slot.kind === "body" ? ["body", ...slot.path] : [slot.kind, slot.name];
}

function pagesOf(pagination: Exclude<Pagination, { kind: "none" }>): PagePlan {
  const { kind, limit, page_size, has_more, total, stop_when, stop_on_short_page, max_pages, primary_key } =
    pagination;
  return {
    kind,
    ...("slot" in pagination && pagination.slot ? { slot: slotOf(pagination.slot) } : {}),
    ...(limit ? { sizeSlot: slotOf(limit) } : {}),
    ...(page_size === undefined ? {} : { size: page_size }),
    ...(has_more ? { more: stepsOf(has_more) } : {}),
    ...(total ? { total: stepsOf(total) } : {}),
    ...list("stop", stop_when.map(matcherOf)),
    ...(stop_on_short_page ? { short: true as const } : {}),
    most: max_pages,
    ...list("keys", primary_key.map(stepsOf)),
    ...(pagination.kind === "page" && pagination.start_page !== 1 ? { start: pagination.start_page } : {}),
    ...(pagination.kind === "cursor" ? cursorOf(pagination) : {}),
  };
}

function cursorOf({
  source,
  more,
}: Extract<Pagination, { kind: "cursor" }>): Pick<PagePlan, "source" | "header" | "path" | "beside"> {
  return {
    source: source.kind,
    ...(source.kind === "header" ? { header: source.header.toLowerCase() } : { path: stepsOf(source.path) }),
    ...list(
      "beside",
      (more ?? []).map(({ path, slot }) => [stepsOf(path), slotOf(slot)] as const),
    ),
  };
}
