/** A request of a collection as an operation of an API. */
import type { ApiOperation, ApiParameter, ApiResponse } from "../api/model.ts";
import { essenceOf } from "../har/exchange.ts";
import { isOwnHeader } from "../har/headers.ts";
import { inferSchema, scalarSchema } from "../observed/infer.ts";
import { isHarmless, isSecretName } from "../observed/secrecy.ts";
import { redacted } from "../observed/vault.ts";
import { at, textAt } from "../plain-data.ts";
import { shortText } from "../prose.ts";
import { holesOf } from "../request/mustache.ts";
import { addressOf, pathOf, serverOf } from "./address.ts";
import type { CollectionAuth } from "./auth.ts";
import { bodyOf } from "./body.ts";
import { type CollectedRequest, descriptionOf, type Entry, headersOf } from "./collection.ts";
import { parseJson } from "./json-text.ts";
import type { Variables } from "./variables.ts";

export interface CarriedRequest {
  readonly operation: ApiOperation;
  /** As the request writes it, for finding the one that most have. */
  readonly origin: string;
  readonly server: object;
}

const methods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** A sentence where the request cannot be carried. */
export function carryRequest(
  collected: CollectedRequest,
  variables: Variables,
  auth: CollectionAuth,
): CarriedRequest | string {
  const { at: place, name, folders, request } = collected;
  const address = addressOf(request);
  if (!address) return `${name ?? "A request"} has no address, and is not carried over.`;
  const method = (textAt(request, "method") ?? "GET").toUpperCase();
  if (!methods.has(method))
    return `A descriptor has no method ${shortText(method, 20)}: ${name ?? "this request"} is left out.`;
  const headers = headersOf(request);
  const mediaType = headers.find((one) => /^content-type$/i.test(one.name) && !one.isDisabled)?.value ?? "";
  const { body, remark } = bodyOf(request, mediaType.includes("{{") ? "" : mediaType, place);
  const path = pathOf(address, place, variables);
  const signed = auth.of(collected.auth);
  const keys = [
    ...headers
      .filter((one) => !one.isDisabled && isKeyHeader(one, variables))
      .map(({ name: header, value }) =>
        /^authorization$/i.test(header) ? auth.header(value) : auth.key("header", header, value),
      ),
    ...address.query
      .filter((one) => isKeyEntry(one, variables))
      .map((one) => auth.key("query", one.name, one.value)),
    ...path.secrets.map((variable) => auth.inPath(variable)),
  ];
  // A header of one's own stands in for what is inherited.
  const hasOwn = headers.some((one) => /^authorization$/i.test(one.name) && !one.isDisabled);
  const schemes = [...new Set([...(hasOwn ? [] : signed.schemes), ...keys])];
  const operation: ApiOperation = {
    path: path.path,
    method,
    id: name,
    summary: name,
    description: descriptionOf(request) ?? descriptionOf(collected),
    tags: folders.slice(0, 3),
    deprecated: false,
    security: [Object.fromEntries(schemes.map((scheme) => [scheme, []]))],
    servers: [],
    parameters: [
      ...path.parameters,
      ...queryOf(address.query, place, variables),
      ...headersCarried(headers, place, variables),
    ],
    body: method === "GET" || method === "HEAD" ? undefined : body,
    responses: responsesOf(collected.examples, place),
    callbacks: [],
    ...fixedOf(headers),
    remarks: [
      ...(remark === undefined ? [] : [remark]),
      ...(signed.remark === undefined ? [] : [signed.remark]),
      ...(collected.isScripted
        ? [
            "A script runs before this request in the collection, and is not carried over: what it sets is a parameter, a setting or a credential.",
          ]
        : []),
      ...(body && (method === "GET" || method === "HEAD") ? [`The body of this ${method} is left out.`] : []),
    ],
    at: place,
  };
  return { operation, origin: address.origin, server: serverOf(address.origin, variables) };
}

function isKeyHeader({ name, value }: Entry, variables: Variables): boolean {
  if (/^authorization$/i.test(name)) return true;
  if (isOwnHeader(name.toLowerCase())) return false;
  return (
    isSecretName(name) || value.includes(redacted) || holesOf(value).some((hole) => variables.isSecret(hole))
  );
}

function isKeyEntry({ name, value, isDisabled }: Entry, variables: Variables): boolean {
  if (isDisabled || /page|next|cursor|continuation|sync/i.test(name)) return false;
  const isKey =
    /key|secret|password|^(?:access_?|api_?|auth_?)?token$|^sig(?:nature)?$/i.test(name) &&
    isSecretName(name);
  return isKey || holesOf(value).some((hole) => variables.isSecret(hole) && !/page|next|cursor/i.test(hole));
}

const bare = { deprecated: false, style: undefined, explode: undefined, content: undefined };

function queryOf(entries: readonly Entry[], place: string, variables: Variables): readonly ApiParameter[] {
  const found = new Map<string, Entry[]>();
  for (const entry of entries) {
    if (isKeyEntry(entry, variables) || entry.name.includes(redacted) || entry.name.includes("{{")) continue;
    const same = found.get(entry.name) ?? [];
    found.set(entry.name, same);
    same.push(entry);
  }
  return [...found].map(([name, same]): ApiParameter => {
    const values = same
      .map(({ value }) => value)
      .filter((value) => value !== "" && !value.includes("{{") && !value.includes(redacted));
    const items = typed(name, values);
    const [value] = values;
    const isOpen = value !== undefined && isHarmless(name, value);
    // What is the same for all that a version means is sent by itself.
    const isFixed = isOpen && /^(?:api[-_]?)?version$|^v$|^format$|^alt$/i.test(name) && !same[0]?.isDisabled;
    const schema = {
      ...(same.length > 1 ? { type: "array", items } : items),
      ...(isFixed ? { default: value } : {}),
    };
    const example = isOpen && same.length === 1 && !isFixed ? exampleOf(value, items) : undefined;
    return {
      ...bare,
      name,
      in: "query",
      required: isFixed,
      description: shortText(same[0]?.description, 500),
      schema: { value: schema, file: "", at: place },
      example,
      at: place,
    };
  });
}

/** `<integer>` and its like are what converters write where they have no value. */
function typed(name: string, values: readonly string[]): { readonly [key: string]: unknown } {
  const [, type] =
    /^<(string|integer|long|number|double|float|boolean|dateTime|date|uuid)>$/.exec(values[0] ?? "") ?? [];
  return type === undefined ? scalarSchema(name, values) : (placeholders[type] ?? { type: "string" });
}

const placeholders: { readonly [type: string]: { readonly [key: string]: unknown } } = {
  integer: { type: "integer" },
  long: { type: "integer" },
  number: { type: "number" },
  double: { type: "number" },
  float: { type: "number" },
  boolean: { type: "boolean" },
  dateTime: { type: "string", format: "date-time" },
  date: { type: "string", format: "date" },
  uuid: { type: "string", format: "uuid" },
};

function exampleOf(value: string, { type }: { readonly [key: string]: unknown }): unknown {
  if (type === "integer" || type === "number") return Number(value);
  if (type === "boolean") return value === "true";
  return value.startsWith("<") ? undefined : value;
}

function headersCarried(
  headers: readonly Entry[],
  place: string,
  variables: Variables,
): readonly ApiParameter[] {
  return headers
    .filter(
      (one) =>
        !isOwnHeader(one.name.toLowerCase()) &&
        !(isKeyHeader(one, variables) && !one.isDisabled) &&
        !/[{}]/.test(one.name),
    )
    .map((one): ApiParameter => {
      const isOpen = one.value !== "" && !one.value.includes("{{") && isHarmless(one.name, one.value);
      const schema = { type: "string", ...(isOpen && !one.isDisabled ? { default: one.value } : {}) };
      return {
        ...bare,
        name: one.name,
        in: "header",
        required: false,
        description: shortText(one.description, 500),
        schema: { value: schema, file: "", at: place },
        example: isOpen && one.isDisabled ? one.value : undefined,
        at: place,
      };
    });
}

/** An `Accept` that asks for more than some JSON. */
function fixedOf(headers: readonly Entry[]): Pick<ApiOperation, "fixedHeaders"> {
  const value = headers.find((one) => /^accept$/i.test(one.name) && !one.isDisabled)?.value ?? "";
  const isPlain = /^(?:\*\/\*|application\/json)?(?:;.*)?$/i.test(value.trim());
  return isPlain || !/^[\w.+*/;=, -]{1,200}$/.test(value) || value.includes(redacted)
    ? {}
    : { fixedHeaders: { Accept: value.trim() } };
}

/** The examples that were saved, those of one status together. */
function responsesOf(examples: readonly unknown[], place: string): readonly ApiResponse[] {
  const byStatus = new Map<number, unknown[]>();
  for (const example of examples) {
    const code = at(example, "code");
    const status = typeof code === "number" ? code : 200;
    byStatus.set(status, [...(byStatus.get(status) ?? []), example]);
  }
  return [...byStatus].map(([status, same]): ApiResponse => {
    const headers = same.flatMap(headersOf);
    const texts = same.flatMap((one) => textAt(one, "body") ?? []);
    const values = texts.flatMap((text) => {
      const value = parseJson(text);
      return typeof value === "object" && value !== null ? [value] : [];
    });
    const told = essenceOf(headers.find(({ name }) => /^content-type$/i.test(name))?.value);
    const isJson = values.length > 0;
    const mediaType = isJson ? (/[/+]json$/.test(told) ? told : "application/json") : told;
    const schema = isJson
      ? { value: inferSchema(values, (name) => name.includes(redacted)), file: "", at: place }
      : undefined;
    return {
      status: String(status),
      description: undefined,
      contents:
        mediaType === "" || (texts.length === 0 && status === 204)
          ? []
          : [{ mediaType, schema, encoding: {}, items: undefined }],
      headers: [...new Set(headers.map(({ name }) => name))].filter((name) => !name.includes(redacted)),
      links: [],
      at: place,
    };
  });
}
