/** The parameters of a call. */
import { type OperationPlan, requiredField } from "../../schema/standalone-plan.ts";
import { isBlob, isStreamedFile, readBlob } from "../request/file.ts";
import { checked } from "./credentials.ts";
import { failure } from "./errors.ts";
import type { Parameters } from "./types.ts";

/** Checked values with defaults; files are read whole. */
export async function readParameters(
  { parameters = [] }: OperationPlan,
  given: Parameters,
): Promise<ReadonlyMap<string, unknown>> {
  if (typeof given !== "object" || given === null)
    throw failure("invalid_parameters", "The parameters must be an object of values by name.");
  for (const name of Object.keys(given))
    if (!parameters.some(({ key }) => key === name))
      throw failure("invalid_parameters", `There is no parameter "${name}".`, {
        details: { parameter: name },
      });
  const values = new Map<string, unknown>();
  for (const parameter of parameters) {
    const { key, bits = 0 } = parameter;
    const value = given[key] === undefined ? parameter.default : given[key];
    const isMissing = value === undefined || value === null;
    if (isMissing && bits & requiredField)
      throw failure(
        "invalid_parameters",
        `Parameter "${key}" is required${value === null ? " and cannot be null" : ""}.`,
        {
          details: { parameter: key },
        },
      );
    const read = isMissing ? value : checked(parameter, "p", value);
    if (read !== undefined) values.set(key, parameter.type === "file" ? await wholeFile(key, read) : read);
  }
  return values;
}

async function wholeFile(key: string, value: unknown): Promise<unknown> {
  if (isStreamedFile(value))
    throw failure(
      "invalid_parameters",
      `Parameter "${key}" is a stream, which \`fetch\` does not send everywhere. Give its bytes or a Blob.`,
      {
        details: { parameter: key },
      },
    );
  return isBlob(value) ? readBlob(value, true) : value;
}
