import type {
  BodyNode,
  Connector,
  Hole,
  Json,
  JsonObject,
  JsonSchema,
  Operation,
} from "../../../schema/ir.ts";
import { parameterSchema } from "../../../schema/language/parameter-schema.ts";
import type { SchemaBundle } from "../json-schema/bundle.ts";
import { holeSchema, templateText } from "./template-text.ts";

/** The Request Body Object of an operation (OpenAPI 3.1.1, section 4.8.13); undefined where it sends none. */
export function requestBodyOf(
  operation: Operation,
  ir: Connector,
  bundle: SchemaBundle,
): JsonObject | undefined {
  const { body } = operation.exchange;
  if (!body) return undefined;
  const inside = { operation, ir, bundle };
  const schema = nodeSchema(body.root, inside);
  return {
    ...(isRequired(body.root, operation) ? { required: true } : {}),
    content: { [body.media_type]: body.content_type === "binary" ? {} : { schema } },
  };
}

interface Inside {
  readonly operation: Operation;
  readonly ir: Connector;
  readonly bundle: SchemaBundle;
}

function nodeSchema(node: BodyNode, inside: Inside): JsonSchema {
  switch (node.kind) {
    case "literal":
      return { const: node.value };
    case "template": {
      const { text, holes } = templateText(node.template);
      return holes.length === 0 ? { const: text } : { type: "string" };
    }
    case "value":
      return valueSchema(node.hole, inside);
    case "object": {
      const properties = node.entries.map(({ key, value }): [string, Json] => [
        key,
        nodeSchema(value, inside),
      ]);
      const required = node.entries.filter(({ value }) => isRequired(value, inside.operation));
      return {
        type: "object",
        properties: Object.fromEntries(properties),
        ...(required.length > 0 ? { required: required.map(({ key }) => key) } : {}),
      };
    }
    case "list":
      return { type: "array", items: { anyOf: node.items.map((item) => nodeSchema(item, inside)) } };
  }
}

function valueSchema(hole: Hole, { operation, ir, bundle }: Inside): JsonSchema {
  if (hole.kind === "call") return {};
  const { symbol } = hole;
  const parameter =
    symbol.kind === "parameter" && operation.parameters.find(({ name }) => name === symbol.name);
  return parameter ? parameterSchema(parameter, bundle, operation.id) : holeSchema({ name: "", symbol }, ir);
}

/** An optional value that is absent takes its entry with it; a default fills it. */
function isRequired(node: BodyNode, operation: Operation): boolean {
  switch (node.kind) {
    case "literal":
      return true;
    case "template":
      return !node.template.parts.some((part) => typeof part !== "string" && part.optional);
    case "value": {
      const { hole } = node;
      const symbol = hole.kind === "ref" ? hole.symbol : undefined;
      const parameter =
        symbol?.kind === "parameter"
          ? operation.parameters.find(({ name }) => name === symbol.name)
          : undefined;
      return parameter ? parameter.required && parameter.default === undefined : !hole.optional;
    }
    case "object":
      return node.entries.some(({ value }) => isRequired(value, operation));
    case "list":
      return node.items.some((item) => isRequired(item, operation));
  }
}
