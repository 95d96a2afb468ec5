/** Requests that no operation describes: made into an operation for once, so that everything else is as in any call. */
import type { EntryPlan, OperationPlan, Plan, Text } from "../../schema/standalone-plan.ts";
import { encodeComponent } from "../request/component.ts";
import { encoders } from "../request/encode.ts";
import { toText } from "../request/text.ts";
import { unfit } from "./errors.ts";
import { planHas } from "./plan-has.ts";
import { naming } from "./template.ts";
import type { RawRequest } from "./types.ts";

const methods = "GET HEAD OPTIONS PUT DELETE POST PATCH".split(" ");

/** Origin, credentials, limits, retries and what is the same in every request of it come from the operation `like`. */
export function rawOperation({ operations }: Plan, request: RawRequest): OperationPlan {
  const { method, path, query = {}, headers = {}, body, responseType, like } = request;
  const rank = methods.indexOf(method);
  if (rank < 0) throw unfit("method", `\`method\` is none of ${methods.join(", ")}.`);
  if (!/^(?!.*\/(?:\.|%2e){1,2}(?:\/|$))\/(?!\/)(?:[\w.~!$&'()*+,;=:@/-]|%[\da-f]{2})*$/i.test(path))
    throw unfit(
      "path",
      "`path` must begin with one `/`, be percent-encoded, and hold no `.` or `..`. Give what follows a `?` as `query`.",
    );
  const model = operations.find(({ id }) => id === (like ?? operations[0]?.id));
  const isSingle =
    planHas.manyOrigins &&
    operations.every(({ origin }) => JSON.stringify(origin) === JSON.stringify(model?.origin));
  if (!model || (planHas.manyOrigins && like === undefined && !isSingle))
    throw unfit(
      "like",
      `Name the operation to follow in \`like\`: ${operations.map(({ id }) => id).join(", ")}.`,
    );
  const { auth, limits, retry, guard, origin, foreign } = model;
  const operation: { readonly [Key in keyof OperationPlan]: OperationPlan[Key] | undefined } = {
    id: `${method} ${path}`,
    method,
    origin,
    path,
    query: [
      ...(planHas.constants ? constant(model.query) : []),
      ...Object.entries(query).flatMap(([name, value]) => entries(name, value, encodeComponent)),
    ],
    headers: [
      ...(planHas.constants ? constant(model.headers) : []),
      ...Object.entries(headers).flatMap(([name, value]) => {
        if (
          !/^[!#$%&'*+.^`|~\w-]+$/.test(name) ||
          /^(?:host|connection|content-length|transfer-encoding|te|upgrade|expect)$/i.test(name)
        )
          throw unfit("headers", `The header ${JSON.stringify(name)} cannot be set by a request.`);
        return entries(name.toLowerCase(), value, encoders.header);
      }),
    ],
    ...(planHas.cookies ? { cookies: constant(model.cookies) } : {}),
    body: body === undefined ? body : bodyOf(body),
    ...(planHas.foreign ? { foreign } : {}),
    type: responseType,
    auth,
    limits,
    ...(planHas.retry ? { retry } : {}),
    ...(planHas.guard && rank > 2 ? { guard } : {}),
    // RFC 9110, section 9.2.
    once: rank > 4 || undefined,
  };
  return operation as OperationPlan;
}

/** Lists repeat their name. */
function entries(name: string, value: unknown, encode: (text: string) => string): EntryPlan[] {
  return (Array.isArray(value) ? value : [value]).flatMap((item) =>
    item === undefined ? [] : [[name, naming(`p:${name}`, () => encode(toText(item)))] as const],
  );
}

function bodyOf(value: unknown): NonNullable<OperationPlan["body"]> {
  const root = ["literal", value as never] as const;
  if (typeof value === "string") return { kind: "text", type: "text/plain; charset=utf-8", root };
  if (value instanceof Uint8Array) return { kind: "binary", type: "application/octet-stream", root };
  return { kind: "json", type: "application/json", root };
}

/** What every request of the operation carries: made of no parameter. */
function constant(entries: readonly EntryPlan[] = []): readonly EntryPlan[] {
  const isFree = (text: Text): boolean => !JSON.stringify(text).includes('["p:');
  return entries.filter(([, value, style]) => style === undefined && isFree(value));
}
