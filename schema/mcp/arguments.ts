import type { Connector, McpTool, Operation, Pagination, Parameter } from "../ir.ts";
import { argumentName } from "./names.ts";

/** A parameter of the operation under the name that the tool gives it. */
export interface ToolArgument {
  readonly name: string;
  readonly parameter: Parameter;
}

/** The arguments of the server's own that a tool has, by what they do: their names. */
export interface ToolControls {
  /** Goes on where an earlier answer ended. */
  readonly cursor?: string;
  /** Picks members of the answer. */
  readonly fields?: string;
  /** Reads page after page until so many are at hand. */
  readonly maxItems?: string;
}

/** What an answer is made of: `records` of pages or lists, one `value`, or `bytes`. */
export type AnswerKind = "records" | "value" | "bytes";

/** The arguments of a tool, in the descriptor's order; the place of a page is the server's business, not the model's. */
export function toolArguments(tool: McpTool, operation: Operation): readonly ToolArgument[] {
  const place = placeParameter(operation.pagination);
  return operation.parameters.flatMap((parameter) => {
    const mapped = Object.hasOwn(tool.parameters, parameter.name)
      ? tool.parameters[parameter.name]
      : undefined;
    if (mapped === undefined && parameter.name === place && !parameter.required) return [];
    return [{ name: mapped ?? argumentName(parameter.name), parameter }];
  });
}

/** The parameter that says which page is meant, where there is one. */
function placeParameter(pagination: Pagination): string | undefined {
  if (pagination.kind === "none" || pagination.kind === "link_header") return undefined;
  return pagination.slot?.kind === "parameter" ? pagination.slot.name : undefined;
}

/** What the answer of an operation is made of. A write is never sent again to read on, so its answer is one value. */
export function answerKind({ exchange, pagination, side_effecting }: Operation): AnswerKind {
  const { type, records, schema } = exchange.response;
  if (type === "binary") return "bytes";
  if (side_effecting || exchange.method === "HEAD") return "value";
  if (pagination.kind !== "none" || type === "csv" || type === "jsonl") return "records";
  const isRoot = records.kind === "plain" && records.steps.length === 0;
  const isList = typeof schema === "object" && Object.hasOwn(schema, "type") && schema.type === "array";
  return !isRoot || isList ? "records" : "value";
}

/** The controls of a tool, under names that none of its arguments has. */
export function toolControls(operation: Operation, names: readonly string[]): ToolControls {
  const kind = answerKind(operation);
  const { type, schema } = operation.exchange.response;
  if (kind === "bytes" || operation.side_effecting || operation.exchange.method === "HEAD") return {};
  const free = (name: string): string =>
    [name, `answer_${name}`, `connector_${name}`].find((one) => !names.includes(one)) ??
    argumentName(`${name} of the answer`);
  // A text, and an answer of unknown shape, may turn out to be long; a known object is cut by `fields` alone.
  const goesOn = kind === "records" || type === "text" || schema === undefined;
  return {
    ...(goesOn ? { cursor: free("cursor") } : {}),
    ...(type === "text" ? {} : { fields: free("fields") }),
    ...(operation.pagination.kind === "none" ? {} : { maxItems: free("max_items") }),
  };
}

/** Operations by what the tools of a connector are made of: what its descriptor maps, else all that are not deprecated. */
export function mappedTools(
  ir: Connector,
  derive: (operation: Operation) => McpTool,
): readonly (readonly [McpTool, Operation])[] {
  if (!ir.mcp || ir.mcp.tools.length === 0)
    return ir.operations
      .filter(({ deprecated }) => !deprecated)
      .map((operation) => [derive(operation), operation]);
  const operations = new Map(ir.operations.map((operation) => [operation.id, operation]));
  return ir.mcp.tools.flatMap((tool) => {
    const operation = operations.get(tool.operation);
    return operation ? [[tool, operation] as const] : [];
  });
}

/** How many tools a connector has. */
export function toolCount({ mcp, operations }: Connector): number {
  const mapped = mcp?.tools.length ?? 0;
  return mapped > 0 ? mapped : operations.filter(({ deprecated }) => !deprecated).length;
}
