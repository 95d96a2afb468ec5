import type { Body, BodyNode, Hole, ValueSymbol } from "../../schema/ir.ts";
import { ConnectorError } from "../errors.ts";
import { encodeForm, encoders } from "./encode.ts";
import { isFileContent, type Payload } from "./file.ts";
import { encodeMultipart } from "./multipart.ts";
import { halfPair, ofField, Refused, sourceOf, valueError } from "./refused.ts";
import type { Scope } from "./scope.ts";
import { bodyStream, StreamSource } from "./stream-source.ts";
import { toPairs } from "./styles.ts";
import { compileText, compileValue, type EncoderChoice, type Evaluate, isTimed } from "./template.ts";
import { isScalar, toText } from "./text.ts";
import { toJson } from "./to-json.ts";

/** A body as it goes on the wire. */
export interface BuiltBody {
  readonly data: Payload;
  readonly contentType: string;
}

/** A value to set inside a body, by own-property path: what paging adds. */
export interface BodyOverride {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Builds a body; undefined where all of it is absent. */
export type BuildBody = (scope: Scope, overrides: readonly BodyOverride[]) => BuiltBody | undefined;

/** Compiles a body template. Structure comes from the template alone, values are only ever values. */
export function compileBody(body: Body): BuildBody {
  const choose = body.content_type === "text" ? textContexts : structuredContexts;
  // The body itself stays where all that could stand in it is absent.
  const root =
    body.root.kind === "object" ? compileObject(body.root.entries, choose) : compileNode(body.root, choose);
  const serialise = serialiserOf(body);
  return (scope, overrides) => {
    let value = root(scope);
    for (const override of overrides) value = withValue(value, override.path, override.value);
    if (value === undefined) return undefined;
    try {
      const built = serialise(value, body.media_type, scope);
      if (typeof built.data === "string" && !built.data.isWellFormed()) throw halfPair();
      return built;
    } catch (thrown) {
      throw thrown instanceof Refused ? refusal(body.root, thrown) : thrown;
    }
  };
}

/** Names what was refused where it is the only value of its field. */
function refusal(root: BodyNode, { field, message }: Refused): ConnectorError {
  const source = field === undefined ? undefined : sourceOfField(root, field);
  return source ? valueError(source, message) : valueError(undefined, `of the body ${message}`);
}

function sourceOfField(root: BodyNode, field: string): ValueSymbol | undefined {
  const value = root.kind === "object" ? root.entries.find(({ key }) => key === field)?.value : undefined;
  return value?.kind === "value" ? sourceOf(value.hole) : undefined;
}

/** Compiles a structure of values that is no body: the claims of a token. */
export function compileStructure(node: BodyNode): Evaluate {
  return node.kind === "object"
    ? compileObject(node.entries, structuredContexts)
    : compileNode(node, structuredContexts);
}

/** True where two builds of the body differ by themselves. */
export function isTimedBody(node: BodyNode): boolean {
  switch (node.kind) {
    case "literal":
      return false;
    case "template":
      return isTimed(node.template);
    case "value":
      return isTimed({ parts: [node.hole] });
    case "object":
      return node.entries.some((entry) => isTimedBody(entry.value));
    case "list":
      return node.items.some(isTimedBody);
  }
}

/** In a structured body the serialiser escapes; in a text that the author wrote as JSON the hole must. */
const structuredContexts: EncoderChoice = (context) => (context === "xml" ? encoders.xml : (text) => text);
const textContexts: EncoderChoice = (context) =>
  context === "json" ? (text) => JSON.stringify(text).slice(1, -1) : (text) => encoders[context](whole(text));

/** Said where the value still has a name. */
function whole(text: string): string {
  if (!text.isWellFormed()) throw halfPair();
  return text;
}

function compileNode(node: BodyNode, choose: EncoderChoice): Evaluate {
  switch (node.kind) {
    case "literal":
      return () => node.value;
    case "template":
      return compileText(node.template, choose);
    case "value":
      return wellFormed(node.hole);
    case "object":
      return node.keep
        ? compileObject(node.entries, choose)
        : unlessEmptied(node.entries.length, compileObject(node.entries, choose));
    case "list": {
      const items = node.items.map((item) => compileNode(item, choose));
      return (scope) => items.map((item) => item(scope)).filter((value) => value !== undefined);
    }
  }
}

/** An inner object goes when everything that was to stand in it went; one that the author wrote empty stays. */
function unlessEmptied(entries: number, build: Evaluate): Evaluate {
  return (scope) => {
    const object = build(scope);
    return entries > 0 && typeof object === "object" && object !== null && Object.keys(object).length === 0
      ? undefined
      : object;
  };
}

/** Half of a surrogate pair has no bytes; JSON alone can write it, as an escape. */
function wellFormed(hole: Hole): Evaluate {
  const evaluate = compileValue(hole);
  if (hole.context === "json") return evaluate;
  return (scope) => {
    const value = evaluate(scope);
    if (typeof value === "string" && !value.isWellFormed()) {
      throw valueError(sourceOf(hole), halfPair().message);
    }
    return value;
  };
}

function compileObject(
  entries: readonly { readonly key: string; readonly value: BodyNode }[],
  choose: EncoderChoice,
): Evaluate {
  const parts = entries.map(({ key, value }) => {
    if (key === "__proto__")
      throw new ConnectorError({
        code: "configuration",
        phase: "configuration",
        message: 'A body names "__proto__". Take it out of the descriptor.',
      });
    return { key, value: compileNode(value, choose) };
  });
  return (scope) => {
    const object: Record<string, unknown> = {};
    for (const part of parts) {
      const value = part.value(scope);
      if (value !== undefined) object[part.key] = value;
    }
    return object;
  };
}

type Serialise = (value: unknown, mediaType: string, scope: Scope) => BuiltBody;

function serialiserOf(body: Body): Serialise {
  if (body.content_type !== "form" || body.deep === undefined) return serialisers[body.content_type];
  const deep = new Set(body.deep);
  return (value, mediaType) => ({ data: formText(value, deep), contentType: mediaType });
}

const noFields: ReadonlySet<string> = new Set();

const serialisers: { readonly [T in Body["content_type"]]: Serialise } = {
  json: (value, mediaType) => ({ data: toJson(value), contentType: mediaType }),
  form: (value, mediaType) => ({ data: formText(value, noFields), contentType: mediaType }),
  multipart: (value, mediaType, scope) => {
    const boundary = `connectorc-${scope.random.uuid()}`;
    return {
      data: encodeMultipart(asObject(value), boundary),
      contentType: `${mediaType}; boundary=${boundary}`,
    };
  },
  xml: (value, mediaType) => ({ data: toText(value), contentType: mediaType }),
  text: (value, mediaType) => ({ data: toText(value), contentType: mediaType }),
  binary: (value, mediaType) => ({ data: bytesOf(value), contentType: mediaType }),
};

/**
 * application/x-www-form-urlencoded; what is nested stands in brackets (`a[b]=c`, `a[0][b]=c`). A list of scalars
 * repeats the name of its field, but for a field that is `deep`: there it is `a[]=c`.
 */
function formText(value: unknown, deep: ReadonlySet<string>): string {
  if (typeof value === "string") return value;
  const pairs = Object.entries(asObject(value)).flatMap(([name, item]) => {
    if (item === undefined || item === null) return [];
    const repeats = Array.isArray(item) && item.every(isFlat) && !deep.has(name);
    return ofField(name, () => toPairs(name, item, repeats ? "form" : "deepObject", true, encodeForm));
  });
  return pairs.map((pair) => `${pair.name}=${pair.value}`).join("&");
}

function isFlat(item: unknown): boolean {
  return item === undefined || item === null || isScalar(item);
}

function asObject(value: unknown): object {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new Refused("is no object of named fields, which this kind of body needs");
}

function bytesOf(value: unknown): Payload {
  if (value instanceof Uint8Array) return value;
  if (!isFileContent(value)) return toText(value);
  return value.data instanceof StreamSource ? bodyStream([value.data]) : value.data;
}

/** A copy with the value at the path; missing objects on the way are made. */
function withValue(root: unknown, path: readonly string[], value: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  const object = typeof root === "object" && root !== null && !Array.isArray(root) ? root : {};
  const inner = Object.hasOwn(object, first) ? (object as Record<string, unknown>)[first] : undefined;
  return { ...object, [first]: withValue(inner, rest, value) };
}
