import type { Connector, Operation, Parameter, Profile, ResponseType, Setting } from "../../../schema/ir.ts";
import { createNamePool, type NamePool } from "../names.ts";
import { camelCase, pascalCase, reservedMethods, reservedTypes } from "./names.ts";
import { hasRecords } from "./record-schema.ts";

/** Over the runtime of this package, or with a core of its own. */
export type ClientMode = "runtime" | "standalone";

/** A connector with the names that its TypeScript client gives to everything. */
export interface ClientModel {
  readonly ir: Connector;
  readonly mode: ClientMode;
  readonly client: string;
  readonly factory: string;
  readonly options: string;
  readonly baseOptions: string;
  readonly config: string;
  /** The codes of failed calls, and an error with such a code. */
  readonly errorCode: string;
  readonly error: string;
  readonly isError: string;
  readonly profiles: readonly ProfileModel[];
  /** The options of a connection that holds credentials of several profiles. */
  readonly severalOptions: string;
  readonly operations: readonly OperationModel[];
  /** The pool of type names: schemas take theirs after all others. */
  readonly types: NamePool;
}

export interface ProfileModel {
  readonly profile: Profile;
  readonly credentials: string;
  readonly options: string;
}

export interface OperationModel {
  readonly operation: Operation;
  readonly method: string;
  readonly parameters: string;
  readonly response: string;
  /** Where the answer is read record by record. */
  readonly record?: string;
  /** The method that gives the answer while it comes, where it can be read so. */
  readonly stream?: string;
}

/** Binds every name, in the connector's own order, so that the same connector always gets the same names. */
export function createClientModel(ir: Connector, mode: ClientMode = "runtime"): ClientModel {
  const types = createNamePool(reservedTypes);
  const methods = createNamePool(reservedMethods);
  const title = pascalCase(ir.slug, "Connector");
  const client = types.take(title);
  return {
    ir,
    mode,
    client,
    factory: `create${title}`,
    options: types.take(`${title}Options`),
    baseOptions: types.take(`${title}BaseOptions`),
    config: types.take(`${title}Config`),
    errorCode: types.take(`${title}ErrorCode`),
    error: types.take(`${title}Error`),
    isError: `is${title}Error`,
    severalOptions: types.take(`${title}ProfilesOptions`),
    profiles: ir.profiles.map((profile) => {
      const name = pascalCase(profile.id, "Profile");
      return {
        profile,
        credentials: types.take(`${name}Credentials`),
        options: types.take(`${title}${name}Options`),
      };
    }),
    operations: withStreams(
      mode,
      methods,
      ir.operations.map((operation) => {
        const name = pascalCase(operation.id, "Operation");
        return {
          operation,
          method: methods.take(camelCase(operation.id, "operation")),
          parameters: types.take(`${name}Params`),
          response: types.take(`${name}Response`),
          ...(hasRecords(operation, ir.schemas) ? { record: types.take(`${name}Record`) } : {}),
        };
      }),
    ),
    types,
  };
}

/** Named after all operations, so that none of these has to give way. */
function withStreams(
  mode: ClientMode,
  methods: NamePool,
  operations: readonly OperationModel[],
): readonly OperationModel[] {
  if (mode === "standalone") return operations;
  return operations.map((model) =>
    streamed.has(model.operation.exchange.response.type)
      ? { ...model, stream: methods.take(`${model.method}Stream`) }
      : model,
  );
}

/** Answers that come in pieces; others make sense only as a whole. */
const streamed: ReadonlySet<ResponseType> = new Set(["jsonl", "csv", "text", "binary"]);

/** True where a caller must give the value. */
export function isRequired(value: Parameter | Setting): boolean {
  return value.required && value.default === undefined;
}

/** True where a call may leave its parameters out altogether. */
export function takesNothing(operation: Operation): boolean {
  return !operation.parameters.some(isRequired);
}

/** The module that a client runs on. */
export function coreModule({ mode }: ClientModel): string {
  return mode === "runtime" ? "connectorc/runtime" : "./core.js";
}
