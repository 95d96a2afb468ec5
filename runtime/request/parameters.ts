import type { JsonSchema, Parameter } from "../../schema/ir.ts";
import type { SchemaCheck } from "../../schema/language/schema-check/index.ts";
import { ConnectorError } from "../errors.ts";
import type { Awaitable } from "../ports.ts";
import { suggestion } from "../suggest.ts";
import { coerce } from "./coerce.ts";
import { isBlob, isStreamedFile, readBlob } from "./file.ts";
import { ParameterValues } from "./parameter-values.ts";
import { Refused } from "./refused.ts";
import type { Values } from "./scope.ts";

/** Turns what the caller gave into checked values with defaults; throws `invalid_parameters`. */
export type ReadParameters = (given: Readonly<Record<string, unknown>>) => Awaitable<Values>;

/** Makes the check of a parameter's own schema. */
export type MakeCheck = (schema: JsonSchema) => SchemaCheck;

/**
 * Compiles the parameters of an operation; `makeCheck` is needed only where one of them has a schema. `noStreams`: why files
 * must be at hand as a whole, as the end of a sentence about one that is a stream.
 */
export function compileParameters(
  parameters: readonly Parameter[],
  makeCheck: MakeCheck | undefined,
  noStreams?: string,
): ReadParameters {
  const readers = parameters.map((parameter) => compileParameter(parameter, makeCheck));
  const places = new Map(parameters.map(({ name }, place) => [name, place]));
  return (given) => {
    const values = valuesIn(given, places);
    let blobs: Promise<void>[] | undefined;
    for (let place = 0; place < readers.length; place++) {
      const value = readers[place]?.(values[place]);
      values[place] = value;
      if (typeof value !== "object") continue;
      if (isBlob(value)) {
        blobs ??= [];
        blobs.push(
          readBlob(value, noStreams !== undefined).then((file) => {
            values[place] = file;
          }),
        );
      } else if (noStreams !== undefined && isStreamedFile(value))
        throw invalidParameter(parameters[place]?.name ?? "", noStreams);
    }
    const read = new ParameterValues(places, values);
    return blobs === undefined ? read : Promise.all(blobs).then(() => read);
  };
}

/** The caller's own values, each at the place of its parameter. */
function valuesIn(given: Readonly<Record<string, unknown>>, places: ReadonlyMap<string, number>): unknown[] {
  if (typeof given !== "object" || given === null) throw noParameters();
  const values = new Array<unknown>(places.size).fill(undefined);
  for (const name of Object.keys(given)) {
    const place = places.get(name);
    if (place === undefined) throw unknownParameter(name, [...places.keys()]);
    values[place] = given[name];
  }
  return values;
}

/** Checks one value, undefined where none was given. */
type Reader = (value: unknown) => unknown;

function compileParameter(parameter: Parameter, makeCheck: MakeCheck | undefined): Reader {
  const { name, type, required, location } = parameter;
  const check = parameter.schema !== undefined && makeCheck ? makeCheck(parameter.schema) : undefined;
  const takesNull = location === "body" && check?.(null).length === 0;
  const isText = type === "string" && check === undefined;
  return (value) => {
    if (isText && typeof value === "string") return value;
    const given = value === undefined ? parameter.default : value;
    if (given === undefined || given === null) {
      if (required && !(takesNull && value === null))
        throw invalidParameter(name, value === null ? "is required and cannot be null" : "is required");
      return given;
    }
    const coerced = coerceParameter(name, type, given);
    // A schema knows numbers and text; a bigint is exact already.
    const issue = typeof coerced === "bigint" ? undefined : check?.(coerced)[0];
    if (issue)
      throw invalidParameter(
        name,
        `does not fit its schema${issue.path === "" ? "" : ` at ${issue.path}`}: ${issue.message.replace(/\.$/, "")}`,
      );
    return coerced;
  };
}

function coerceParameter(name: string, type: Parameter["type"], value: unknown): unknown {
  try {
    return coerce(value, type);
  } catch (thrown) {
    if (thrown instanceof Refused) throw invalidParameter(name, thrown.message);
    throw thrown;
  }
}

function invalidParameter(name: string, problem: string): ConnectorError {
  return new ConnectorError({
    code: "invalid_parameters",
    phase: "parameters",
    message: `Parameter "${name}" ${problem}.`,
    details: { parameter: name },
  });
}

function noParameters(): ConnectorError {
  return new ConnectorError({
    code: "invalid_parameters",
    phase: "parameters",
    message: "The parameters must be an object of values by name.",
  });
}

function unknownParameter(name: string, known: readonly string[]): ConnectorError {
  const hint = known.length === 0 ? " The operation takes no parameters." : suggestion(name, known);
  return new ConnectorError({
    code: "invalid_parameters",
    phase: "parameters",
    message: `There is no parameter "${name}".${hint}`,
    details: { parameter: name },
  });
}
