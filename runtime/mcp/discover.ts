import type { CallToolResult } from "@modelcontextprotocol/server";
import { closest } from "../../schema/language/spelling.ts";
import type { ToolText } from "../../schema/mcp/tool.ts";
import { createToolIndex, type ToolIndex } from "./search.ts";
import { failedResult, structuredResult } from "./tool-result.ts";
import type { ToolAnswer, ToolCall, ToolRunner } from "./tool-runner.ts";
import type { ServedTool, ToolSet } from "./tool-set.ts";

const mostFound = 20;

/** Three tools in place of hundreds: what there is, what it takes, and its call. */
export class DiscoverTools {
  readonly texts: readonly ToolText[];
  readonly #tools: ToolSet["tools"];
  readonly #index: ToolIndex;
  readonly #runner: ToolRunner;

  constructor({ tools }: ToolSet, runner: ToolRunner) {
    this.#tools = tools;
    this.#index = createToolIndex(tools.values());
    this.#runner = runner;
    this.texts = discoverTexts([...tools.values()]);
  }

  /** Undefined where it is none of the three. */
  run(
    name: string,
    given: Readonly<Record<string, unknown>>,
    call: ToolCall,
  ): ToolAnswer | Promise<ToolAnswer> | undefined {
    switch (name) {
      case "search_operations":
        return this.#search(given);
      case "describe_operation":
        return this.#withTool(given, ({ text }) => structuredResult({ ...text }));
      case "call_operation":
        return this.#withTool(given, (tool) => this.#runner.run(tool, objectOf(given.arguments), call));
      default:
        return undefined;
    }
  }

  #search({ query, limit }: Readonly<Record<string, unknown>>): CallToolResult {
    if (typeof query !== "string" || query.trim() === "")
      return refusal("query", 'Argument "query" takes a few words, such as "list open issues".');
    const most = typeof limit === "number" && limit >= 1 ? Math.min(limit, mostFound) : 8;
    const found = this.#index.search(query, most);
    const operations = found.map(({ text: { name, description, annotations } }) => ({
      name,
      description,
      read_only: annotations.readOnlyHint === true,
    }));
    return structuredResult({
      operations,
      ...(operations.length > 0 ? {} : { note: "Nothing fits these words; try others." }),
    });
  }

  #withTool<R>(given: Readonly<Record<string, unknown>>, use: (tool: ServedTool) => R): R | CallToolResult {
    const { name } = given;
    const tool = typeof name === "string" ? this.#tools.get(name) : undefined;
    if (tool) return use(tool);
    const meant = typeof name === "string" ? closest(name.slice(0, 100), [...this.#tools.keys()]) : undefined;
    const hint = meant === undefined ? "Find it with search_operations." : `Did you mean "${meant}"?`;
    return refusal("name", `There is no operation of that name. ${hint}`);
  }
}

function refusal(argument: string, message: string): CallToolResult {
  return failedResult({ code: "invalid_parameters", message, argument });
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function discoverTexts(tools: readonly ServedTool[]): readonly ToolText[] {
  const readOnly = { readOnlyHint: true, openWorldHint: false };
  const writes = tools.filter(({ definition }) => definition.operation.side_effecting);
  const names = [...new Set(tools.map(({ connector }) => connector.metadata.name))].join(", ");
  const name = { type: "string", description: "As search_operations gives it." };
  return [
    {
      name: "search_operations",
      title: "Find operations",
      description: `Finds operations of ${names} by words; ${tools.length} in all.`,
      inputSchema: {
        type: "object",
        properties: {
          query: { type: "string", description: "A few words, such as: list open issues." },
          limit: { type: "integer", minimum: 1, maximum: mostFound, default: 8 },
        },
        required: ["query"],
        additionalProperties: false,
      },
      annotations: readOnly,
    },
    {
      name: "describe_operation",
      title: "Describe an operation",
      description: "Tells what an operation does and which arguments it takes, as a JSON Schema.",
      inputSchema: { type: "object", properties: { name }, required: ["name"], additionalProperties: false },
      annotations: readOnly,
    },
    {
      name: "call_operation",
      title: "Call an operation",
      description: "Calls an operation with arguments as describe_operation tells them.",
      inputSchema: {
        type: "object",
        properties: { name, arguments: { type: "object", description: "By name." } },
        required: ["name"],
        additionalProperties: false,
      },
      annotations: {
        readOnlyHint: writes.length === 0,
        ...(writes.length === 0
          ? {}
          : {
              destructiveHint: writes.some(({ definition }) => definition.operation.destructive),
              idempotentHint: false,
            }),
        openWorldHint: true,
      },
    },
  ];
}
