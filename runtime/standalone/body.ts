/** Bodies of requests. */
import type { BodyPlan } from "../../schema/standalone-plan.ts";
import { encodeForm, encoders } from "../request/encode.ts";
import { isFileContent } from "../request/file.ts";
import { encodeMultipart } from "../request/multipart.ts";
import { halfPair, ofField, Refused } from "../request/refused.ts";
import { toPairs } from "../request/styles.ts";
import { isScalar, toText } from "../request/text.ts";
import { toJson } from "../request/to-json.ts";
import { failure } from "./errors.ts";
import { planHas } from "./plan-has.ts";
import { build, type Encode, firstSource, type Scope, valueError } from "./template.ts";

/** A value to set inside a body, by own-property path. */
export type BodyPlace = readonly [path: readonly string[], value: unknown];

/** In a structured body the serialiser escapes; in a text that the author wrote as JSON the hole must. */
const structured: Encode = (text, context) =>
  planHas.xmlBodies && context === "xml" ? encoders.xml(text) : text;
const plain: Encode = (text, context) => {
  if (context === "json") return JSON.stringify(text).slice(1, -1);
  if (!text.isWellFormed()) throw halfPair();
  return encoders[context](text);
};

type Built = readonly [data: string | Uint8Array, type: string];

/** Undefined where all of it is absent. */
export function bodyOf(body: BodyPlan, scope: Scope, places: readonly BodyPlace[]): Built | undefined {
  let value = build(body.root, scope, planHas.textBodies && body.kind === "text" ? plain : structured);
  if (planHas.bodySlots) for (const [path, item] of places) value = withValue(value, path, item);
  if (value === undefined) return undefined;
  try {
    const built = serialisers[body.kind](value, body, scope);
    if (typeof built[0] === "string" && !built[0].isWellFormed()) throw halfPair();
    return built;
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    const { root } = body;
    const field =
      planHas.forms && root[0] === "object" ? root[1].find(([key]) => key === thrown.field)?.[1] : undefined;
    throw planHas.forms && field?.[0] === "value"
      ? valueError(firstSource([field[1]]), thrown.message)
      : failure("invalid_parameters", `The body ${thrown.message}.`);
  }
}

type Serialise = (value: unknown, body: BodyPlan, scope: Scope) => Built;

const asText: Serialise = (value, { type }) => [toText(value), type];

const serialisers: { readonly [Kind in BodyPlan["kind"]]: Serialise } = {
  json: (value, { type }) => [toJson(value), type],
  form: (value, { type, deep = [] }) => [formText(value, deep), type],
  multipart: (value, { type }, scope) => {
    const boundary = `connectorc-${scope.random.uuid()}`;
    // Streams are refused with the parameters.
    return [encodeMultipart(asObject(value), boundary) as Uint8Array, `${type}; boundary=${boundary}`];
  },
  xml: asText,
  text: asText,
  binary: (value, { type }) => [
    value instanceof Uint8Array ? value : isFileContent(value) ? (value.data as Uint8Array) : toText(value),
    type,
  ],
};

/**
 * application/x-www-form-urlencoded; what is nested stands in brackets. A list of scalars repeats the name of its field, but
 * for a field that is `deep`.
 */
function formText(value: unknown, deep: readonly string[]): string {
  if (typeof value === "string") return value;
  return Object.entries(asObject(value))
    .flatMap(([name, item]) => {
      if (item === undefined || item === null) return [];
      const repeats =
        Array.isArray(item) && !deep.includes(name) && item.every((one) => one == null || isScalar(one));
      return ofField(name, () => toPairs(name, item, repeats ? "form" : "deepObject", true, encodeForm));
    })
    .map((pair) => `${pair.name}=${pair.value}`)
    .join("&");
}

function asObject(value: unknown): object {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new Refused("is no object of named fields, which this kind of body needs");
}

/** A copy with the value at the path; missing objects on the way are made. */
function withValue(root: unknown, [first, ...rest]: readonly string[], value: unknown): unknown {
  if (first === undefined) return value;
  const object: object = typeof root === "object" && root !== null && !Array.isArray(root) ? root : {};
  const inner = Object.hasOwn(object, first) ? (object as Record<string, unknown>)[first] : undefined;
  return { ...object, [first]: withValue(inner, rest, value) };
}
