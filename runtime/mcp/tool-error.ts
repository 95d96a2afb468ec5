import { isSchema } from "../../schema/language/schema-reference.ts";
import type { ToolDefinition } from "../../schema/mcp/tool.ts";
import { ConnectorError } from "../errors.ts";

/** What a model is told about a call that failed. */
export interface ToolFailure {
  readonly code: string;
  readonly message: string;
  readonly status?: number;
  /** Seconds until a new try can succeed. */
  readonly retry_after?: number;
  /** The argument at fault, and what it may be. */
  readonly argument?: string;
  readonly accepted?: readonly unknown[];
  readonly request_id?: string;
}

/** A failed call in the words of the tool; `wall` is Unix time in milliseconds. */
export function toolFailure(
  error: ConnectorError,
  tool: ToolDefinition | undefined,
  wall: number,
): ToolFailure {
  const { details, status, retryAt, requestId } = error;
  const argument = argumentOf(details, tool);
  const accepted = listOf(details?.accepted) ?? acceptedBy(argument, tool);
  return {
    code: error.code,
    message: inToolWords(error.message, tool),
    ...(status === undefined ? {} : { status }),
    ...(retryAt === undefined ? {} : { retry_after: Math.max(0, Math.ceil((retryAt - wall) / 1000)) }),
    ...(argument === undefined ? {} : { argument }),
    ...(accepted === undefined ? {} : { accepted }),
    ...(requestId === undefined ? {} : { request_id: requestId }),
  };
}

/** A fault of ours: its text is for the log, since it may quote anything. */
export function internalFailure(): ToolFailure {
  return { code: "internal", message: "The server failed to carry out this call; its log says why." };
}

/** What was thrown, as the error that is told. */
export function asConnectorError(thrown: unknown): ConnectorError | undefined {
  return ConnectorError.is(thrown) ? thrown : undefined;
}

function argumentOf(
  details: ConnectorError["details"],
  tool: ToolDefinition | undefined,
): string | undefined {
  if (typeof details?.argument === "string") return details.argument;
  const name = details?.parameter;
  return tool?.arguments.find(({ parameter }) => parameter.name === name)?.name;
}

function acceptedBy(
  argument: string | undefined,
  tool: ToolDefinition | undefined,
): readonly unknown[] | undefined {
  const properties = tool?.text.inputSchema.properties;
  if (argument === undefined || !isSchema(properties) || typeof properties === "boolean") return undefined;
  const schema = Object.hasOwn(properties, argument) ? properties[argument] : undefined;
  if (!isSchema(schema) || typeof schema === "boolean") return undefined;
  const items = isSchema(schema.items) && typeof schema.items === "object" ? schema.items : undefined;
  return listOf(schema.enum) ?? listOf(items?.enum);
}

function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** Names of the descriptor are none that a client has seen. */
function inToolWords(message: string, tool: ToolDefinition | undefined): string {
  let text = message;
  for (const { name, parameter } of tool?.arguments ?? [])
    text = text.replaceAll(`Parameter "${parameter.name}"`, `Argument "${name}"`);
  for (const [alias, key] of Object.entries(tool?.keys ?? {})) text = text.replaceAll(`/${key}`, `/${alias}`);
  return text;
}
