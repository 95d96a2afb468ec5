/** The parameters of a call, from `--params` and `--param`, read by the types that the operation declares. */
import { resolve } from "node:path";
import { fileReason, readBytes } from "../../compiler/disk-host.ts";
import type { Operation, Parameter } from "../../schema/ir.ts";
import { suggestion } from "../did-you-mean.ts";
import { CommandFailure } from "../failure.ts";
import type { World } from "../world.ts";
import { readValue } from "./value.ts";

/** Named values for `connection.call`; `--param` wins over `--params`. Every fault of the user's ends in a sentence. */
export async function readParameters(
  operation: Operation,
  options: { readonly params?: string; readonly param: readonly string[] },
  world: World,
): Promise<Record<string, unknown>> {
  const values = new Map<string, unknown>();
  if (options.params !== undefined)
    for (const [name, value] of Object.entries(await readObject(options.params, world)))
      values.set(parameterOf(operation, name).name, value);
  for (const [name, texts] of groupByName(options.param)) {
    const parameter = parameterOf(operation, name);
    values.set(name, await readTexts(parameter, texts, world));
  }
  const missing = operation.parameters.filter(
    ({ name, required, default: fallback }) => required && fallback === undefined && !values.has(name),
  );
  if (missing.length > 0)
    throw new CommandFailure(
      `${operation.id} needs ${missing.map(({ name, description }) => (description ? `${name} (${description})` : name)).join(", ")}; give ${missing.map(({ name }) => `--param ${name}=…`).join(" ")}`,
    );
  return Object.fromEntries(values);
}

function parameterOf(operation: Operation, name: string): Parameter {
  const parameter = operation.parameters.find((one) => one.name === name);
  if (parameter) return parameter;
  throw new CommandFailure(
    `${operation.id} has no parameter ${name}${suggestion(
      name,
      operation.parameters.map((one) => one.name),
    )}`,
  );
}

function groupByName(params: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const grouped = new Map<string, string[]>();
  for (const param of params) {
    const equals = param.indexOf("=");
    if (equals < 1) throw new CommandFailure(`--param ${param} has no value; write --param name=value`);
    const name = param.slice(0, equals);
    const texts = grouped.get(name) ?? [];
    texts.push(param.slice(equals + 1));
    grouped.set(name, texts);
  }
  return grouped;
}

async function readTexts(parameter: Parameter, texts: readonly string[], world: World): Promise<unknown> {
  const values = await Promise.all(texts.map((text) => readText(parameter, text, world)));
  if (values.length === 1) return values[0];
  // Repeated gives a list; where the parameter is a list, each text may already be a part of one.
  return parameter.type === "array" ? values.flat() : values;
}

async function readText(parameter: Parameter, text: string, world: World): Promise<unknown> {
  const { name, type, schema, secret } = parameter;
  if (type === "file" && text.startsWith("@") && !text.startsWith("@@"))
    return readBytesAt(text.slice(1), `--param ${name}`, world, Number.POSITIVE_INFINITY);
  const read = readValue(await textOrFile(text, `--param ${name}`, world), type, schema);
  if ("value" in read) return read.value;
  const shown = secret ? "" : `, not ${JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)}`;
  throw new CommandFailure(`--param ${name} takes ${read.expected}${shown}`);
}

/** `@file` reads one, `@@` is a literal `@`. */
async function textOrFile(text: string, option: string, world: World): Promise<string> {
  if (text.startsWith("@@")) return text.slice(1);
  if (!text.startsWith("@")) return text;
  const bytes = readBytesAt(text.slice(1), option, world);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new CommandFailure(`${option}: ${text.slice(1)} is not UTF-8 text; save it as UTF-8`);
  }
}

function readBytesAt(path: string, option: string, world: World, limit?: number): Uint8Array {
  try {
    return readBytes(resolve(world.cwd, path), limit);
  } catch (error) {
    throw new CommandFailure(
      `${option}: cannot open ${path}: ${fileReason(error)}; write @@ for a literal @`,
    );
  }
}

async function readObject(text: string, world: World): Promise<object> {
  const json = await textOrFile(text, "--params", world);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new CommandFailure(
      "--params is not JSON; write an object such as --params '{\"name\": 1}', or @file",
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new CommandFailure("--params takes a JSON object of parameters");
  return value;
}
