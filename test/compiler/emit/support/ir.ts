import type {
  Connector,
  Exchange,
  JsonSchema,
  Operation,
  Pagination,
  Parameter,
  Profile,
  Setting,
} from "../../../../schema/ir.ts";
import { parsePlainPath } from "../../../../schema/language/jsonpath.ts";

/** A parameter with what most have. */
export function parameter(name: string, fields: Partial<Parameter> = {}): Parameter {
  return {
    name,
    wire_name: name,
    location: "query",
    type: "string",
    required: false,
    secret: false,
    ...fields,
  };
}

/** A setting that a connection must give. */
export function setting(key: string, fields: Partial<Setting> = {}): Setting {
  return { key, type: "string", required: true, implied: false, ...fields };
}

/** A profile whose credentials are its fields: a name with `!` is secret, with `?` optional. */
export function profile(id: string, fields: readonly string[], more: Partial<Profile> = {}): Profile {
  return {
    id,
    type: "api_key",
    fields: fields.map((field) => ({
      key: field.replace(/[!?]/g, ""),
      type: field.includes("!") ? "secret" : "string",
      required: !field.includes("?"),
      secret: field.includes("!"),
      implied: false,
    })),
    source: { kind: "fields" },
    placement: { headers: [], query: [], cookies: [] },
    expired_when: [],
    origins: [],
    allowed_hosts: [],
    ...more,
  };
}

export interface OperationFields extends Partial<Omit<Operation, "exchange" | "pagination">> {
  readonly schema?: JsonSchema;
  readonly records?: string;
  readonly pages?: boolean;
  readonly exchange?: Partial<Exchange>;
  readonly responseType?: Exchange["response"]["type"];
}

/** An operation that gets `https://api.example.test/<id>`. */
export function operation(id: string, fields: OperationFields = {}): Operation {
  const { schema, records = "$", pages = false, exchange, responseType = "json", ...rest } = fields;
  const steps = parsePlainPath(records);
  return {
    id,
    summary: `Runs ${id}`,
    tags: [],
    parameters: [],
    exchange: {
      kind: "http",
      id: `operation:${id}`,
      method: "GET",
      url: { origin: { kind: "literal", origin: "https://api.example.test" }, path: { parts: [`/${id}`] } },
      query: [],
      headers: [],
      cookies: [],
      response: {
        type: responseType,
        success_status: [{ from: 200, to: 299 }],
        records: steps ? { kind: "plain", text: records, steps } : { kind: "rfc9535", text: records },
        ...(schema === undefined ? {} : { schema }),
      },
      ...exchange,
    },
    auth: [],
    limits: [],
    cost: 1,
    pagination: pages ? offsetPages : { kind: "none" },
    retry: { max_attempts: 3, on_status: [503], initial_ms: 100, max_ms: 20_000 },
    errors: [],
    side_effecting: false,
    destructive: false,
    idempotent: true,
    deprecated: false,
    ...rest,
  };
}

const offsetPages: Pagination = {
  kind: "offset",
  slot: { kind: "query", name: "offset" },
  stop_when: [],
  stop_on_short_page: true,
  max_pages: 100,
  primary_key: [],
};

/** A connector called `acme-desk`. */
export function connector(fields: Partial<Connector> = {}): Connector {
  return {
    ir_version: 1,
    requires: [],
    slug: "acme-desk",
    version: "1.2.0",
    content_hash: "0".repeat(64),
    metadata: {
      name: "Acme Desk",
      description: "Tickets of the Acme desk.",
      publisher: "Acme",
      categories: [],
      tags: [],
    },
    settings: [],
    profiles: [profile("api_key", ["email", "api_token!"])],
    limits: [],
    operations: [],
    schemas: {},
    ...fields,
  };
}
