/** A request's body in each of a collection's modes. */
import type { ApiBody, ApiContent, Located } from "../api/model.ts";
import { essenceOf } from "../har/exchange.ts";
import { templateName } from "../names.ts";
import { graphqlBody, graphqlCall, isSafeQuery } from "../observed/graphql.ts";
import { inferSchema, Shape, scalarSchema } from "../observed/infer.ts";
import { isHarmless, isSecretName } from "../observed/secrecy.ts";
import { redacted } from "../observed/vault.ts";
import { at, isMap, mapAt, textAt } from "../plain-data.ts";
import { fromMustache, holesOf } from "../request/mustache.ts";
import { looksSecret } from "../secrets.ts";
import { type Entry, entriesAt } from "./collection.ts";
import { parseJson } from "./json-text.ts";

export interface CarriedBody {
  readonly body: ApiBody | undefined;
  readonly remark?: string;
}

/** `mediaType` is that of the request's own header. */
export function bodyOf(request: unknown, mediaType: string, place: string): CarriedBody {
  const body = mapAt(request, "body");
  if (at(body, "disabled") === true) return { body: undefined };
  const content = (one: Omit<ApiContent, "encoding" | "items">): CarriedBody => ({
    body: {
      required: false,
      description: undefined,
      contents: [{ ...one, encoding: {}, items: undefined }],
      at: place,
    },
  });
  const located = (value: unknown): Located => ({ value, file: "", at: place });
  switch (textAt(body, "mode")) {
    case "raw":
      return rawOf(textAt(body, "raw"), mediaType || languageType(body), content, located);
    case "urlencoded":
      return content({
        mediaType: "application/x-www-form-urlencoded",
        schema: located(formSchema(entriesAt(body, "urlencoded"))),
      });
    case "formdata":
      return content({
        mediaType: "multipart/form-data",
        schema: located(formSchema(entriesAt(body, "formdata"))),
      });
    case "file":
      return content({ mediaType: mediaType || "application/octet-stream", schema: undefined });
    case "graphql":
      return graphqlOf(mapAt(body, "graphql"), content, located);
    default:
      return { body: undefined };
  }
}

type Make = (content: Omit<ApiContent, "encoding" | "items">) => CarriedBody;
type Locate = (value: unknown) => Located;

function languageType(body: unknown): string {
  const language = textAt(mapAt(mapAt(body, "options"), "raw"), "language");
  if (language === "json") return "application/json";
  if (language === "xml") return "application/xml";
  if (language !== undefined) return "text/plain";
  const text = textAt(body, "raw") ?? "";
  return parseJson(text) === undefined
    ? /^\s*<[?!\w]/.test(text)
      ? "application/xml"
      : "text/plain"
    : "application/json";
}

function rawOf(text: string | undefined, mediaType: string, content: Make, located: Locate): CarriedBody {
  if (text === undefined) return { body: undefined };
  const essence = essenceOf(mediaType);
  if (!/[/+]json$/.test(essence)) return textOf(text, essence, content, located);
  const value = parseJson(text);
  if (value === undefined)
    return {
      ...content({ mediaType: essence, schema: located({}) }),
      remark: "The body is no JSON as it stands: any value is taken for it.",
    };
  const call = graphqlCall(value);
  if (call && isMap(at(value, "variables")))
    return graphqlOf(
      { query: call.query, variables: call.variables, operationName: call.name },
      content,
      located,
    );
  return content({
    mediaType: essence,
    schema: located(withExamples(inferSchema([withoutHoles(value)]), value)),
  });
}

/** What stands for a variable may be anything. */
function withoutHoles(value: unknown): unknown {
  if (typeof value === "string") return /^\s*\{\{[^{}]*\}\}\s*$/.test(value) ? "" : value;
  if (Array.isArray(value)) return value.map(withoutHoles);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutHoles(inner)]));
}

/** Scalars of the first level are examples of their parameters, where anyone may read them. */
function withExamples(schema: object, value: unknown): object {
  const properties = mapAt(schema, "properties");
  const shown = Object.entries(properties).map(([name, property]) => {
    const example = at(value, name);
    const text = typeof example === "string" || typeof example === "number" ? String(example) : "";
    return [
      name,
      text !== "" && isHarmless(name, text) ? { ...Object(property), example } : property,
    ] as const;
  });
  return shown.length > 0 ? { ...schema, properties: Object.fromEntries(shown) } : schema;
}

/** Text with variables is a template of them, where it holds nothing that may be secret. */
function textOf(text: string, mediaType: string, content: Make, located: Locate): CarriedBody {
  const holes = [...new Set(holesOf(text))];
  if (holes.length === 0 || !isOpenText(text))
    return content({ mediaType: mediaType || "text/plain", schema: undefined });
  const properties = Object.fromEntries(holes.map((hole) => [templateName(hole), { type: "string" }]));
  return content({
    mediaType: mediaType || "text/plain",
    schema: located({ type: "object", properties }),
    template: (hole) => fromMustache(text, (name) => hole(templateName(name)).slice(1, -1)),
  });
}

/** Values between tags, in quotes and behind colons are such as anyone may read. */
function isOpenText(text: string): boolean {
  const bare = text.replace(/\{\{[^{}]*\}\}/g, "");
  if (bare.includes(redacted) || looksSecret(bare)) return false;
  for (const [, name = "", value = ""] of bare.matchAll(/<([\w:.-]{1,80})(?:\s[^<>]{0,500})?>([^<>]*)</g))
    if (value.trim() !== "" && !isHarmless(name.replace(/^.*:/, ""), value.trim())) return false;
  for (const [, name = "", value = ""] of bare.matchAll(/([\w:.-]{1,80})\s*[:=]\s*["']([^"'\n]*)["']/g))
    if (value !== "" && !/^https?:\/\/[\w.:/#-]*$|^[\w.:-]*$/.test(value)) return false;
    else if (isSecretName(name)) return false;
  return bare.includes("<") || /^[\s\w.,;:=&|-]*$/.test(bare);
}

function formSchema(entries: readonly Entry[]): object {
  const properties = entries.map(({ name, value, description, type }) => {
    const isOpen = value !== "" && !value.includes("{{") && isHarmless(name, value);
    const schema =
      type === "file"
        ? { type: "string", format: "binary" }
        : scalarSchema(name, value.includes("{{") ? [] : [value]);
    return [
      name,
      {
        ...schema,
        ...(description === undefined ? {} : { description }),
        ...(isOpen && type !== "file" && schema.type === "string" ? { example: value } : {}),
      },
    ] as const;
  });
  return { type: "object", properties: Object.fromEntries(properties) };
}

function graphqlOf(graphql: unknown, content: Make, located: Locate): CarriedBody {
  const told = at(graphql, "variables");
  const variables = typeof told === "string" ? parseJson(told) : told;
  const call = graphqlCall({
    query: at(graphql, "query"),
    variables,
    operationName: at(graphql, "operationName"),
  });
  const shape = new Shape().add(isMap(variables) ? withoutHoles(variables) : {});
  const schema = { type: "object", ...shape.schema() };
  if (call && isSafeQuery(call.query, (text) => text.includes(redacted) || looksSecret(text)))
    return content({
      mediaType: "application/json",
      schema: located(schema),
      template: graphqlBody(call, shape.names),
    });
  const open = { type: "object", properties: { query: { type: "string" }, variables: { type: "object" } } };
  return {
    ...content({ mediaType: "application/json", schema: located(open) }),
    remark: "The query holds values of its own, or is none that can be read: it is a parameter.",
  };
}
