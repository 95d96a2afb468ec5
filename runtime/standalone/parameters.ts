/** The parameters of a call. */
import { nullField, type OperationPlan, requiredField } from "../../schema/standalone-plan.ts";
import { isBlob, isStreamedFile, readBlob } from "../request/file.ts";
import { checked } from "./credentials.ts";
import { failure, unfit } from "./errors.ts";
import { isObject } from "./is-object.ts";
import { planHas } from "./plan-has.ts";
import { valueError } from "./template.ts";
import type { Parameters } from "./types.ts";

/** Checked values with defaults; files are read whole. */
export async function readParameters(
  { parameters = [] }: OperationPlan,
  given: Parameters,
): Promise<ReadonlyMap<string, unknown>> {
  if (!isObject(given)) throw failure("invalid_parameters", "The parameters must be an object.");
  for (const name of Object.keys(given))
    if (!parameters.some(({ key }) => key === name)) throw unfit(name, `There is no parameter "${name}".`);
  const values = new Map<string, unknown>();
  for (const parameter of parameters) {
    const { key, bits = 0 } = parameter;
    const value = given[key] === undefined ? parameter.default : given[key];
    const isMissing = value === undefined || value === null;
    const isNull = planHas.nulls && value === null && bits & nullField;
    if (isMissing && bits & requiredField && !isNull) throw valueError(`p:${key}`, "is required");
    const read = isMissing ? value : checked(parameter, "p", value);
    if (read !== undefined)
      values.set(key, planHas.files && parameter.type === "file" ? await wholeFile(key, read) : read);
  }
  return values;
}

async function wholeFile(key: string, value: unknown): Promise<unknown> {
  if (isStreamedFile(value))
    throw valueError(
      `p:${key}`,
      "is a stream, which `fetch` does not send everywhere. Give its bytes or a Blob",
    );
  return isBlob(value) ? readBlob(value, true) : value;
}
