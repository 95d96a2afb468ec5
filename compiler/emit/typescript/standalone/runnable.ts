import type { Connector, JsonSchema, Operation, Parameter, Profile } from "../../../../schema/ir.ts";

/**
 * What a standalone client runs by: the representation without what only people, other tools or the runtime of this package
 * read. Answers and parameters are not held against their schemas here.
 */
export function runnable(ir: Connector): Connector {
  const { ir_version, requires, slug, version, content_hash, settings, profiles, limits, operations } = ir;
  const { name, publisher } = ir.metadata;
  return {
    ir_version,
    requires,
    slug,
    version,
    content_hash,
    metadata: { name, publisher, description: "", categories: [], tags: [] },
    settings: settings.map(unexplained),
    profiles: profiles.map(runnableProfile),
    limits: limits.map(({ note: _, ...limit }) => limit),
    operations: operations.map(runnableOperation),
    schemas: {},
  };
}

/** Nobody logs in by a client, and nobody asks it for a check. */
function runnableProfile(profile: Profile): Profile {
  const { description: _, docs_url: __, settings: ___, test: ____, login: _____, fields, ...rest } = profile;
  return { ...rest, fields: fields.map(unexplained) };
}

function runnableOperation(operation: Operation): Operation {
  const { id, parameters, exchange, auth, limits, cost, pagination, retry, errors, timeout_ms } = operation;
  const { side_effecting, destructive, idempotent, idempotency_header, deprecated } = operation;
  const { schema: _, ...response } = exchange.response;
  return {
    id,
    summary: "",
    tags: [],
    parameters: parameters.map(runnableParameter),
    exchange: { ...exchange, response },
    auth,
    limits,
    cost,
    pagination,
    retry,
    errors,
    ...(timeout_ms === undefined ? {} : { timeout_ms }),
    side_effecting,
    destructive,
    idempotent,
    ...(idempotency_header === undefined ? {} : { idempotency_header }),
    deprecated,
    ...(operation.deprecated_message === undefined
      ? {}
      : { deprecated_message: operation.deprecated_message }),
  };
}

function runnableParameter(parameter: Parameter): Parameter {
  const { schema: _, ...rest }: Parameter & { schema?: JsonSchema } = unexplained(parameter);
  return rest;
}

function unexplained<Explained extends { label?: unknown; description?: unknown; example?: unknown }>(
  explained: Explained,
): Explained {
  const { label: _, description: __, example: ___, ...rest } = explained;
  // What goes is optional in all of them.
  return rest as Explained;
}
