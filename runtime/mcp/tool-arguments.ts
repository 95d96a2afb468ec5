import type { ToolDefinition } from "../../schema/mcp/tool.ts";
import type { Parameters } from "../connection/connection.ts";
import { decodeBytes } from "../crypto/encoding.ts";
import { ConnectorError } from "../errors.ts";
import { deepest } from "../request/json.ts";
import { suggestion } from "../suggest.ts";

/** What a client gave, sorted: parameters by the names of the descriptor, and the server's own arguments. */
export interface GivenArguments {
  readonly parameters: Parameters;
  readonly cursor: string | undefined;
  readonly fields: readonly string[] | undefined;
  readonly maxItems: number | undefined;
}

/** More items than this are nothing that a context could hold. */
const mostItems = 10_000;

/**
 * A segment `..` inside a value, also one that is encoded. It goes to the API as text of one segment, but servers and proxies
 * decode slashes, and what a model was talked into is nothing that an API has as a name.
 */
const leadsUp = /(?:^|[\\/]|%2f|%5c)(?:\.|%2e){2}(?:[\\/]|%2f|%5c|$)/i;

/** Sorts the arguments of a call; throws `invalid_parameters` in the words of the tool. */
export function readArguments(
  { arguments: known, controls, keys }: ToolDefinition,
  given: Readonly<Record<string, unknown>>,
): GivenArguments {
  const own = Object.values(controls);
  const byName = new Map(known.map(({ name, parameter }) => [name, parameter]));
  const parameters: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (own.includes(name)) continue;
    const parameter = byName.get(name);
    if (!parameter) throw unknownArgument(name, [...byName.keys(), ...own]);
    if (value === undefined) continue;
    // Here, and not where the request is made: what comes between walks through the value, too.
    if (isDeeperThan(value, deepest)) throw invalidArgument(name, `is nested deeper than ${deepest} levels`);
    if (parameter.location === "path" && [value].flat().some((text) => leadsUp.test(String(text))))
      throw invalidArgument(name, "must not lead out of its place in the path by `..`");
    const restored = Object.keys(keys).length > 0 ? restoreKeys(value, keys) : value;
    parameters[parameter.name] = parameter.type === "file" ? fileBytes(name, restored) : restored;
  }
  return {
    parameters,
    cursor: readCursor(controls.cursor, given),
    fields: readFields(controls.fields, given),
    maxItems: readMaxItems(controls.maxItems, given),
  };
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

/** The keys that the API knows, in place of their aliases, at any depth. */
function restoreKeys(value: unknown, keys: ToolDefinition["keys"]): unknown {
  if (Array.isArray(value)) return value.map((one) => restoreKeys(one, keys));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      Object.hasOwn(keys, key) ? (keys[key] ?? key) : key,
      restoreKeys(inner, keys),
    ]),
  );
}

function fileBytes(name: string, value: unknown): Uint8Array {
  const bytes = typeof value === "string" ? decodeBytes(value, "base64") : undefined;
  if (!bytes) throw invalidArgument(name, "takes the bytes of a file in base64");
  return bytes;
}

function readCursor(name: string | undefined, given: Readonly<Record<string, unknown>>): string | undefined {
  const value = givenTo(name, given);
  // Models write an empty text where they mean none.
  if (value === undefined || value === "") return undefined;
  if (typeof value !== "string")
    throw invalidArgument(name ?? "", "takes the `next_cursor` of an earlier answer");
  return value;
}

function readFields(
  name: string | undefined,
  given: Readonly<Record<string, unknown>>,
): readonly string[] | undefined {
  const value = givenTo(name, given);
  const list = typeof value === "string" ? value.split(",") : value;
  if (list === undefined || (Array.isArray(list) && list.length === 0)) return undefined;
  if (!Array.isArray(list) || !list.every((one): one is string => typeof one === "string"))
    throw invalidArgument(name ?? "", "takes a list of names, such as id or owner.name");
  return list.map((one) => one.trim()).filter((one) => one !== "");
}

function readMaxItems(
  name: string | undefined,
  given: Readonly<Record<string, unknown>>,
): number | undefined {
  const value = givenTo(name, given);
  if (value === undefined) return undefined;
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isInteger(number) || number < 1 || number > mostItems)
    throw invalidArgument(name ?? "", `takes a whole number from 1 to ${mostItems}`);
  return number;
}

function givenTo(name: string | undefined, given: Readonly<Record<string, unknown>>): unknown {
  if (name === undefined || !Object.hasOwn(given, name)) return undefined;
  return given[name] ?? undefined;
}

/** An argument that the server itself refuses. */
export function invalidArgument(argument: string, problem: string): ConnectorError {
  return new ConnectorError({
    code: "invalid_parameters",
    phase: "parameters",
    message: `Argument "${argument}" ${problem}.`,
    details: { argument },
  });
}

function unknownArgument(argument: string, accepted: readonly string[]): ConnectorError {
  const hint = accepted.length === 0 ? " The tool takes no arguments." : suggestion(argument, accepted);
  return new ConnectorError({
    code: "invalid_parameters",
    phase: "parameters",
    message: `There is no argument "${argument}".${hint}`,
    details: { argument, accepted },
  });
}
