/**
 * The package root. The runtime comes at once; the compiler is loaded by the functions that need it, so that a
 * service that only runs compiled connectors never pays for it.
 */
import { dirname } from "node:path";
import type { Compilation, CompileOptions, Input } from "./compiler/index.ts";
import { checkOptions, type KeysOf } from "./runtime/check-options.ts";
import { connectKeys } from "./runtime/connection/connect-options.ts";
import { runtimeKeys } from "./runtime/create-runtime.ts";
import { ConnectorError } from "./runtime/errors.ts";
import {
  type Connection,
  type ConnectOptions,
  createRuntime,
  type Runtime,
  type RuntimeOptions,
} from "./runtime/index.ts";
import type { Diagnostic } from "./schema/diagnostic.ts";
import type { Connector } from "./schema/ir.ts";

export type { Compilation, CompiledConnector, CompileOptions, Input } from "./compiler/index.ts";
export { ConnectorError } from "./runtime/errors.ts";
export * from "./runtime/index.ts";
export type {
  Diagnostic,
  Fix,
  Position,
  Range,
  Related,
  Severity,
  Suggestion,
  Suppressed,
} from "./schema/diagnostic.ts";
export type { Connector } from "./schema/ir.ts";

/** Everything that is wrong in a descriptor, given as text or data. */
export async function validate(
  input: Input,
  options?: CompileOptions,
): Promise<{ valid: boolean; diagnostics: readonly Diagnostic[] }> {
  const compiler = await import("./compiler/index.ts");
  return compiler.validate(input, options);
}

/** Compiles a descriptor, given as text or data; `ir` is there where it has no errors. */
export async function compile(
  input: Input,
  options?: CompileOptions,
): Promise<Compilation & { ir?: Connector }> {
  const compiler = await import("./compiler/index.ts");
  return compiler.compile(input, options);
}

/** All that a connection file holds, and the runtime's own options. */
export type LoadOptions = ConnectOptions &
  RuntimeOptions & {
    /** The slug that the descriptor must have: credentials meant for one connector do not reach another. */
    readonly connector?: string;
  };

/** A connection with a runtime of its own, which `close` ends. */
export interface LoadedConnector extends Connection {
  /** What goes on in the runtime; holds no secret. A promise only where the state is asynchronous. */
  inspect(): ReturnType<Runtime["inspect"]>;
  close(): Promise<void>;
}

/**
 * Reads, compiles and connects the descriptor at `path` (`FILE`, or `FILE#slug` where the file holds several).
 * Fails with a `ConnectorError` of the code `configuration` that lists the descriptor's errors.
 */
export async function loadConnector(path: string, options: LoadOptions = {}): Promise<LoadedConnector> {
  checkOptions(options, { ...connectKeys, ...runtimeKeys, connector: true }, "The second argument");
  const ir = await readConnector(path);
  if (options.connector !== undefined && options.connector !== ir.slug)
    throw configurationError(
      `${path} is the connector ${ir.slug}, not ${options.connector}; check the path or the options.`,
    );
  const runtime = createRuntime(pick(options, runtimeKeys));
  try {
    return Object.assign(runtime.connect(ir, pick(options, connectKeys)), {
      inspect: () => runtime.inspect(),
      close: () => runtime.close(),
    });
  } catch (error) {
    await runtime.close();
    throw error;
  }
}

/** The part of the options that has these keys. */
function pick<Part extends object>(options: Part, keys: KeysOf<Part>): Part {
  // What the filter leaves has the keys of `Part` alone, with their types.
  return Object.fromEntries(Object.entries(options).filter(([key]) => Object.hasOwn(keys, key))) as Part;
}

async function readConnector(path: string): Promise<Connector> {
  const { compileText } = await import("./compiler/index.ts");
  const { createDiskHost, fileReason, readBytes } = await import("./compiler/disk-host.ts");
  const hash = path.lastIndexOf("#");
  const [file, slug] = hash > 0 ? [path.slice(0, hash), path.slice(hash + 1)] : [path, undefined];
  let bytes: Uint8Array;
  try {
    bytes = readBytes(file);
  } catch (error) {
    throw configurationError(
      `The descriptor ${file} cannot be opened: ${fileReason(error)}; check the path.`,
    );
  }
  const { connectors, diagnostics } = await compileText(bytes, {
    file,
    host: createDiskHost(dirname(file)),
    format: file.toLowerCase().endsWith(".json") ? "json" : "yaml",
  });
  const found = connectors.filter((connector) => slug === undefined || connector.slug === slug);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const [only, second] = found;
  if (only && !second && (slug !== undefined || errors.length === 0)) return only.ir;
  if (errors.length > 0) {
    const shown = errors
      .slice(0, 5)
      .map(({ range, message }) => `${file}:${range.start.line}:${range.start.column} ${message}`);
    const more = errors.length > shown.length ? ` (and ${errors.length - shown.length} more)` : "";
    throw configurationError(`The descriptor has errors: ${shown.join("; ")}${more}`, {
      diagnostics: errors,
    });
  }
  const slugs = connectors.map((connector) => `${file}#${connector.slug}`).join(", ");
  throw configurationError(
    `${path} names ${only ? "several connectors" : "no connector"}; there is ${slugs}.`,
  );
}

function configurationError(message: string, details?: Readonly<Record<string, unknown>>): ConnectorError {
  return new ConnectorError({
    code: "configuration",
    phase: "configuration",
    message,
    ...(details ? { details } : {}),
  });
}
