/** Commands as operations: calls of the execution protocol of a service of its own, else one endpoint a command. */
import type { Operation, Parameter } from "../../../schema/descriptor.ts";
import { Names, snakeCase, templateName } from "../names.ts";
import type { Notes } from "../notes.ts";
import { at, type DataMap, isMap, listAt, mapAt, textAt } from "../plain-data.ts";
import { shortText } from "../prose.ts";
import { literal } from "../request/mustache.ts";
import { looksSecret } from "../secrets.ts";

export interface Calling {
  readonly profile: string;
  /** Whether a service of its own executes the commands. */
  readonly external: boolean;
  /** Keys of the connection's values, which the execution protocol sends along. */
  readonly config: readonly string[];
}

export function commandsOf(
  commands: readonly (readonly [string, unknown])[],
  calling: Calling,
  notes: Notes,
): Operation[] {
  const ids = new Names();
  return commands.map(([name, command]) => {
    const id = ids.take(snakeCase(name) || "command");
    const data: DataMap = isMap(command) ? command : {};
    const parameters = parametersOf(name, data, notes);
    const reads = /^(?:get|list|find|search|lookup|read|fetch|test|check|count|describe)/i.test(name);
    const inQuery = !calling.external && reads;
    const placed = parameters.map((one): Parameter => ({ ...one, location: inQuery ? "query" : "body" }));
    const outputs = outputsOf(data);
    return {
      operation_id: id,
      endpoint: calling.external ? "/execute" : `/${encodeURIComponent(name)}`,
      ...(inQuery ? {} : { method: "POST" as const }),
      summary: shortText(textAt(data, "description"), 200) ?? `Run ${name}`.slice(0, 200),
      ...(calling.external && reads ? { side_effecting: false } : {}),
      auth_type_ref: calling.profile,
      ...deprecationOf(data),
      ...(placed.length > 0 ? { parameters: placed } : {}),
      ...(calling.external ? executionOf(name, placed, calling.config) : {}),
      ...(outputs ? { response_schema: calling.external ? wrapped(outputs) : outputs } : {}),
    };
  });
}

function parametersOf(command: string, data: DataMap, notes: Notes): Omit<Parameter, "location">[] {
  const schema = mapAt(data, "paramSchema");
  const listed = listAt(data, "params").flatMap((name) => (typeof name === "string" ? [name] : []));
  const names = [...new Set([...listed, ...Object.keys(schema)])];
  return names.map((wire) => {
    const field = mapAt(schema, wire);
    const name = templateName(wire);
    const fallback = at(field, "default");
    const isSecret = typeof fallback === "string" && looksSecret(fallback);
    if (isSecret)
      notes.lose(
        `/commands/${command}/${wire}/default`,
        `The default of ${wire} looks like somebody's secret.`,
      );
    const choices = listAt(field, "options").map((option) => (isMap(option) ? option.value : option));
    const description = shortText(textAt(field, "description"), 500);
    return {
      name,
      ...(name === wire ? {} : { wire_name: wire }),
      ...typeOf(textAt(field, "type")),
      ...(field.required === true ? { required: true } : {}),
      ...(description === undefined ? {} : { description }),
      // The schema's type of any JSON value is written as a map.
      ...(fallback === undefined || fallback === null || isSecret
        ? {}
        : { default_value: fallback as NonNullable<Parameter["default_value"]> }),
      ...(choices.length > 0 ? { schema: { enum: choices } } : {}),
    };
  });
}

function typeOf(type: string | undefined): Pick<Parameter, "field_type"> {
  switch (type) {
    case "number":
    case "boolean":
    case "integer":
    case "array":
    case "object":
    case "date":
    case "secret":
      return { field_type: type };
    case "raw":
    case "json":
      return { field_type: "json" };
    default:
      return {};
  }
}

function deprecationOf(
  data: DataMap,
): Pick<Operation, "deprecated" | "deprecated_message" | "added_in_version"> {
  const message = shortText(textAt(data, "deprecatedMessage"), 500);
  const added = textAt(data, "addedInVersion");
  return {
    ...(data.deprecated === true ? { deprecated: true } : {}),
    ...(data.deprecated === true && message !== undefined ? { deprecated_message: message } : {}),
    ...(added !== undefined && /^\d+\.\d+\.\d+$/.test(added) ? { added_in_version: added } : {}),
  };
}

/** Version 2.0 of the execution protocol: a failure comes with the status of a success. */
function executionOf(
  command: string,
  parameters: readonly Parameter[],
  config: readonly string[],
): Pick<Operation, "body" | "errors" | "response"> {
  const holes = (names: readonly (readonly [string, string])[]): Record<string, string> =>
    Object.fromEntries(names.map(([wire, name]) => [wire, `{${name}}`]));
  // A matcher's value is any JSON; its type is written as a map.
  const failed: unknown = false;
  return {
    body: {
      protocolVersion: "2.0",
      command: literal(command),
      config: holes(config.map((key) => [key, key])),
      params: holes(parameters.map(({ name, wire_name: wire }) => [wire ?? name, name])),
      variables: {},
    },
    response: { records_path: "$.payload", error_message_path: "$.error" },
    errors: [
      {
        when: { json: { path: "$.success", equals: failed as { [key: string]: unknown } } },
        action: "fail",
        code: "command_failed",
      },
    ],
  };
}

/** Outputs are names alone: what each holds is open. */
function outputsOf(data: DataMap): { [key: string]: unknown } | undefined {
  const names = listAt(data, "outputs").flatMap((name) => (typeof name === "string" ? [name] : []));
  if (names.length === 0) return undefined;
  return { type: "object", properties: Object.fromEntries(names.map((name) => [name, true])) };
}

function wrapped(payload: { [key: string]: unknown }): { [key: string]: unknown } {
  return { type: "object", properties: { success: { type: "boolean" }, payload } };
}
