/** A document of the corpus as a connector, and calls of it. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createLoopbackTransport } from "../../../../cli/demo/loopback-transport.ts";
import { createDiskHost } from "../../../../compiler/disk-host.ts";
import { type ImportedConnector, importDocument } from "../../../../compiler/import/import.ts";
import { type Compilation, compileText } from "../../../../compiler/index.ts";
import { systemClock } from "../../../../runtime/clock.ts";
import { type ConnectOptions, ConnectorError, createRuntime } from "../../../../runtime/index.ts";
import { type ReceivedRequest, startServer } from "../../../../runtime/testing/index.ts";
import type { Connector, Operation } from "../../../../schema/ir.ts";
import { sampleParameter } from "./sample.ts";

const folder = new URL("../../../../../shared/corpus/openapi/", import.meta.url);

/** Path of a document, or undefined (with a warning) where the corpus is not at hand. */
export function corpusDocument(file: string): string | undefined {
  const path = fileURLToPath(new URL(file, folder));
  if (existsSync(path)) return path;
  console.warn(`SKIPPED: the document ${file} is not at hand (expected beside the repository)`);
  return undefined;
}

export async function importFile(path: string): Promise<ImportedConnector> {
  const request = {
    name: path,
    bytes: readFileSync(path),
    select: [],
    mcp: [],
    host: createDiskHost(fileURLToPath(new URL(".", `file://${path}`))),
  };
  const { connectors } = await importDocument(request);
  const [connector] = connectors;
  if (!connector) throw new Error(`${path} gave no connector`);
  return connector;
}

/** Compiles what was imported, as if its files stood in a folder. */
export function compileImported({ files }: Pick<ImportedConnector, "files">): Promise<Compilation> {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const [main] = files;
  return compileText(main?.text ?? "", {
    format: main?.path.endsWith(".json") ? "json" : "yaml",
    host: {
      readText: async (file) => {
        const text = texts.get(file);
        return text === undefined ? { problem: "there is none" } : { text };
      },
    },
  });
}

export interface Caller {
  /** The request of a call with made-up values: with all parameters, or with those alone that must be given. */
  request(operation: Operation, withOptional: boolean): Promise<ReceivedRequest>;
  close(): Promise<void>;
}

/** Calls operations against a server of this process, wherever the document says that the API is. */
export async function createCaller(ir: Connector): Promise<Caller> {
  const server = await startServer({ "* /*": { json: { access_token: "given-by-chain" } } });
  const runtime = createRuntime({
    // An example among the documents names the machine itself.
    network: { allow: ["localhost:3000"] },
    transport: createLoopbackTransport(server.origin, systemClock),
  });
  return {
    async request(operation, withOptional) {
      const before = server.requests.length;
      const params = Object.fromEntries(
        operation.parameters.flatMap((parameter) => {
          if (!parameter.required && !withOptional) return [];
          const value = sampleParameter(parameter, ir);
          return value === undefined ? [] : [[parameter.name, value]];
        }),
      );
      const connection = runtime.connect(ir, connectOptions(ir, operation.auth[0]?.profile));
      try {
        await connection.call(operation.id, params);
      } catch (error) {
        // The server answers nothing of what the document promises.
        if (!(error instanceof ConnectorError) || server.requests.length === before) throw error;
      }
      const request = server.requests.length > before ? server.requests.at(-1) : undefined;
      if (!request) throw new Error(`${operation.id} sent nothing`);
      return request;
    },
    async close() {
      await runtime.close();
      await server.close();
    },
  };
}

/** What a connection by this profile is given. */
export function connectOptions(ir: Connector, profile: string | undefined): ConnectOptions {
  return {
    credentials: credentialsOf(ir, profile),
    config: configOf(ir),
    ...(profile ? { profile } : {}),
  };
}

/** Made-up credentials for all fields of a profile, each of which tells itself. */
function credentialsOf(ir: Connector, id: string | undefined): Record<string, string> {
  const profile = ir.profiles.find((one) => one.id === id);
  const fields = profile?.fields.map(({ key }) => [key, `given-${key}`] as const) ?? [];
  const hasToken = profile?.type.startsWith("oauth2") ?? false;
  return { ...Object.fromEntries(fields), ...(hasToken ? { access_token: "given-token" } : {}) };
}

/** Settings that have no default. */
function configOf({ settings }: Connector): Record<string, string> {
  return Object.fromEntries(
    settings.flatMap(({ key, default: given, format }) =>
      given === undefined ? [[key, formats[format ?? ""] ?? "test1"]] : [],
    ),
  );
}

const formats: { readonly [format: string]: string } = {
  uri: "https://api.example.test",
  hostname: "api.example.test",
};
