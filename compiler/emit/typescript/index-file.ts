import type { Operation } from "../../../schema/ir.ts";
import { type ClientModel, coreModule, type OperationModel, takesNothing } from "./client-model.ts";
import { type DocTag, docComment } from "./comment.ts";
import { fileHeader } from "./header.ts";
import { jsonLiteral, stringLiteral } from "./literal.ts";
import { sampleCall } from "./sample-value.ts";

/**
 * `index.ts`: the client. The connector's representation stands in it as the text of one string, last, so that the
 * only import at run time is the runtime's: the file works the same through a bundler, through `tsc` and with its
 * types merely stripped. A standalone client has its plan in a file of its own.
 */
export function indexFile(model: ClientModel): string {
  return [
    fileHeader(model.ir),
    imports(model),
    client(model),
    factory(model),
    errorTest(model),
    runningCalls(model),
    ...(model.mode === "standalone" ? [] : [representationText(model.ir)]),
  ].join("");
}

function imports(model: ClientModel): string {
  const paged = model.operations.some(({ record }) => record !== undefined);
  const names = [
    model.options,
    model.error,
    ...model.operations.flatMap(({ parameters, response, record }) => [
      parameters,
      response,
      ...(record === undefined ? [] : [record]),
    ]),
    ...(model.operations.length > 0 ? ["AnswerOf", "CallOptions", "PendingCall"] : []),
    ...(paged ? ["PageOf", "PageOptions", "PendingPages"] : []),
    ...(model.operations.some(({ stream }) => stream !== undefined) ? ["AnswerStream", "StreamOptions"] : []),
  ];
  return [
    `import * as connectorc from ${stringLiteral(coreModule(model))};\n`,
    model.mode === "standalone" ? 'import { plan } from "./plan.js";\n' : "",
    `import type {\n${names
      .sort(byCode)
      .map((name) => `  ${name},\n`)
      .join("")}} from "./types.js";\n\n`,
    `export { ConnectorError } from ${stringLiteral(coreModule(model))};\n`,
    'export type * from "./types.js";\n\n',
  ].join("");
}

function client(model: ClientModel): string {
  const { name, description, documentation_url } = model.ir.metadata;
  return [
    docComment("", [name, description, documentation_url]),
    `export class ${model.client} {\n`,
    "  /** The untyped connection: `attempt`, `check`, and calls by operation id. */\n",
    "  readonly connection: connectorc.Connection;\n",
    "  /** Finishes what runs, unless the runtime is shared, and frees what the client holds. */\n",
    "  readonly close: () => Promise<void>;\n\n",
    "  constructor(connection: connectorc.Connection, close: () => Promise<void>) {\n",
    "    this.connection = connection;\n    this.close = close;\n  }\n\n",
    "  /** Sends what no method describes, with credentials, pacing and retries as in a call. */\n",
    "  request<Data = unknown>(request: connectorc.RawRequest, options?: connectorc.CallOptions): Promise<connectorc.CallResult<Data>> {\n",
    "    return this.connection.request<Data>(request, options);\n  }\n",
    ...model.operations.flatMap((operation) => [method(model, operation), ...streamMethod(operation)]),
    "}\n\n",
  ].join("");
}

function method(
  { ir }: ClientModel,
  { operation, method, parameters, response, record }: OperationModel,
): string {
  const tags: DocTag[] = operation.deprecated
    ? [{ tag: "deprecated", text: operation.deprecated_message ?? "" }]
    : [];
  const call = sampleCall(operation, method, record !== undefined, ir.schemas);
  tags.push({ tag: "example", text: `\`\`\`ts\n${call}\n\`\`\`` });
  const paged = record !== undefined;
  const optional = takesNothing(operation) ? "?" : "";
  const result = paged ? `PendingPages<${response}, ${record}>` : `PendingCall<${response}>`;
  return [
    `\n${docComment("  ", [operation.summary, operation.description], tags)}`,
    `  ${method}(params${optional}: ${parameters}, options?: ${paged ? "PageOptions" : "CallOptions"}): ${result} {\n`,
    `    return ${paged ? "pagesOf" : "callOf"}(this.connection, ${stringLiteral(operation.id)}, params, options);\n`,
    "  }\n",
  ].join("");
}

/** The same call, whose answer is read while it comes. */
function streamMethod({ operation, parameters, record, stream }: OperationModel): string[] {
  if (stream === undefined) return [];
  const piece = `AnswerStream<${pieceOf(operation, record)}>`;
  return [
    `\n${docComment("  ", [`${operation.summary}: the answer is read while it comes.`])}`,
    `  ${stream}(params${takesNothing(operation) ? "?" : ""}: ${parameters}, options?: StreamOptions): Promise<${piece}> {\n`,
    `    return this.connection.stream(${stringLiteral(operation.id)}, { ...params }, options) as Promise<${piece}>;\n`,
    "  }\n",
  ];
}

/** What is read at a time: a line or row, as it stands in the answer; else text or bytes. */
function pieceOf({ exchange }: Operation, record: string | undefined): string {
  const { type, records } = exchange.response;
  if (type === "text") return "string";
  if (type === "binary") return "Uint8Array";
  const isWhole = records.kind === "plain" && records.steps.length === 0;
  return isWhole && record !== undefined ? record : "unknown";
}

function factory({ ir, mode, client, factory, options }: ClientModel): string {
  const representation = mode === "standalone" ? "plan" : "representation";
  return [
    docComment("", [
      `A client of ${ir.metadata.name}. Without a runtime in the options it makes one of its own, from the second argument, and closes it.`,
    ]),
    `export function ${factory}(options: ${options}, runtimeOptions?: connectorc.RuntimeOptions): ${client} {\n`,
    "  const { runtime: shared, ...connect } = options;\n",
    "  const runtime = shared ?? connectorc.createRuntime(runtimeOptions);\n",
    "  const close = async (): Promise<void> => {\n    if (shared === undefined) await runtime.close();\n  };\n",
    `  return new ${client}(runtime.connect(${representation}, connect), close);\n`,
    "}\n\n",
  ].join("");
}

function errorTest({ ir, error, isError }: ClientModel): string {
  return [
    docComment("", [`True for an error of a call of ${ir.metadata.name}.`]),
    `export function ${isError}(error: unknown): error is ${error} {\n`,
    `  return connectorc.ConnectorError.is(error) && error.connector === ${stringLiteral(ir.slug)};\n`,
    "}\n\n",
  ].join("");
}

function runningCalls({ operations }: ClientModel): string {
  const paged = operations.some(({ record }) => record !== undefined);
  const plain = operations.some(({ record }) => record === undefined);
  return `${plain ? callOf : ""}${paged ? pagesOf : ""}${operations.length > 0 ? runningCall : ""}${paged ? runningPages : ""}`;
}

function representationText(ir: object): string {
  return [
    "/** The compiled connector, which the client runs by. */\n",
    `const representation: unknown = /* @__PURE__ */ JSON.parse(\n  ${jsonLiteral(ir)},\n);\n`,
  ].join("");
}

/** The order of code units, which is the same on every machine. */
function byCode(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * For the type check: in a method itself the class would be held against the interface once more for each operation,
 * which made most of the types of a large client.
 */
const callOf = `function callOf<Data>(
  connection: connectorc.Connection, operation: string, params?: object, options?: CallOptions,
): PendingCall<Data> {
  return new RunningCall(connection, operation, params, options);
}

`;

const pagesOf = `function pagesOf<Data, One>(
  connection: connectorc.Connection, operation: string, params?: object, options?: PageOptions,
): PendingPages<Data, One> {
  return new RunningPages(connection, operation, params, options, true);
}

`;

/** A call begins at once, as a promise does, unless it may turn out to be a reading of pages. */
const runningCall = `class RunningCall<Data> implements PendingCall<Data> {
  readonly [Symbol.toStringTag]: string = "PendingCall";
  protected readonly connection: connectorc.Connection;
  protected readonly operation: string;
  protected readonly params: { readonly [name: string]: unknown };
  protected readonly options: CallOptions | undefined;
  #answer: Promise<connectorc.CallResult<Data>> | undefined;

  constructor(connection: connectorc.Connection, operation: string, params?: object, options?: CallOptions, lazy = false) {
    this.connection = connection;
    this.operation = operation;
    this.params = { ...params };
    this.options = options;
    if (!lazy) this.#send();
  }

  then<Value = Data, Reason = never>(
    onData?: ((data: Data) => Value | PromiseLike<Value>) | null,
    onError?: ((error: unknown) => Reason | PromiseLike<Reason>) | null,
  ): Promise<Value | Reason> {
    return this.#send().then(({ data }) => data).then(onData, onError);
  }

  catch<Reason = never>(onError?: ((error: unknown) => Reason | PromiseLike<Reason>) | null): Promise<Data | Reason> {
    return this.then(undefined, onError);
  }

  finally(onSettled?: (() => void) | null): Promise<Data> {
    return this.then().finally(onSettled);
  }

  async withResponse(): Promise<AnswerOf<Data>> {
    const { data, ...response } = await this.#send();
    return { data, response };
  }

  #send(): Promise<connectorc.CallResult<Data>> {
    this.#answer ??= this.connection.call<Data>(this.operation, this.params, this.options);
    return this.#answer;
  }
}

`;

const runningPages = `class RunningPages<Data, One> extends RunningCall<Data> implements PendingPages<Data, One> {
  pages(): AsyncIterable<PageOf<Data, One>> {
    // A page's data is the answer of its own call.
    return this.connection.pages<One>(this.operation, this.params, this.options) as AsyncIterable<PageOf<Data, One>>;
  }

  [Symbol.asyncIterator](): AsyncIterator<One> {
    return this.connection.records<One>(this.operation, this.params, this.options)[Symbol.asyncIterator]();
  }
}

`;
