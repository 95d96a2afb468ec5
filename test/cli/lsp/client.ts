/** A client of the language server, made with the library that editors use, over streams of this process. */
import { PassThrough, type Readable, type Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";
import {
  type ClientCapabilities,
  type CodeAction,
  type CodeActionContext,
  type CompletionItem,
  createProtocolConnection,
  type Diagnostic,
  type InitializeResult,
  type Position,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver-protocol/node";
import { lspCommand } from "../../../cli/commands/lsp.ts";
import type { ExitCode } from "../../../cli/world.ts";

const capabilities: ClientCapabilities = {
  textDocument: {
    hover: { contentFormat: ["markdown"] },
    completion: { completionItem: { snippetSupport: true } },
    publishDiagnostics: { relatedInformation: true, versionSupport: true },
  },
};

/** The cursor in a text of a test. */
export const cursor = "‸";

/** What a client does in the tests. */
export interface Client {
  readonly connection: ProtocolConnection;
  readonly initialized: InitializeResult;
  /** How the server ended. */
  readonly ended: Promise<ExitCode | number | null>;
  /** Opens a document; a cursor mark in the text is taken out and remembered. */
  open(uri: string, text: string, languageId?: string): Promise<void>;
  change(uri: string, text: string): Promise<void>;
  /** The findings of a document's present version. */
  diagnostics(uri: string): Promise<readonly Diagnostic[]>;
  /** Waits until a document's findings are as wanted, of whatever version they are. */
  until(uri: string, holds: (findings: readonly Diagnostic[]) => boolean): Promise<void>;
  /** Closes a document and answers the findings that are left of it. */
  close(uri: string): Promise<readonly Diagnostic[]>;
  /** Whether findings were ever sent for a document. */
  told(uri: string): boolean;
  /** Where the cursor mark stood. */
  at(uri: string): { textDocument: { uri: string }; position: Position };
  textOf(uri: string): string;
  request<T>(method: string, params: unknown): Promise<T>;
  completions(uri: string): Promise<readonly CompletionItem[]>;
  actions(uri: string, context?: Partial<CodeActionContext>): Promise<readonly CodeAction[]>;
}

/** Starts the server in this process. */
export async function startClient(
  folder: string | undefined,
  features: ClientCapabilities = capabilities,
): Promise<Client> {
  const input = new PassThrough();
  const output = new PassThrough();
  const ended = lspCommand({
    cwd: folder ?? "/",
    env: {},
    stdin: input,
    stdout: { isTerminal: false, write: async (data) => void output.write(data) },
    stderr: { isTerminal: false, write: async () => {} },
    readStdin: async () => new Uint8Array(),
    interrupted: new AbortController().signal,
  });
  return connect(output, input, folder, ended, features);
}

/** Says hello to a server at the other end of two streams. */
export async function connect(
  from: Readable,
  to: Writable,
  folder: string | undefined,
  ended: Promise<ExitCode | number | null>,
  features: ClientCapabilities = capabilities,
): Promise<Client> {
  const connection = createProtocolConnection(new StreamMessageReader(from), new StreamMessageWriter(to));
  const published = new Map<string, PublishDiagnosticsParams>();
  const waiting: (() => void)[] = [];
  connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
    published.set(params.uri, params);
    for (const wake of waiting.splice(0)) wake();
  });
  connection.listen();
  onTestFinished(() => {
    connection.dispose();
    to.end();
  });
  const rootUri = folder === undefined ? null : pathToFileURL(folder).href;
  const initialized: InitializeResult = await connection.sendRequest("initialize", {
    processId: null,
    rootUri,
    workspaceFolders: rootUri === null ? null : [{ uri: rootUri, name: "workspace" }],
    capabilities: features,
  });
  await connection.sendNotification("initialized", {});
  const texts = new Map<string, { text: string; version: number; offset: number }>();
  const keep = (uri: string, marked: string, version: number): string => {
    const offset = marked.indexOf(cursor);
    const text = marked.replace(cursor, "");
    texts.set(uri, { text, version, offset });
    return text;
  };
  const known = (uri: string): { text: string; version: number; offset: number } => {
    const found = texts.get(uri);
    if (!found) throw new Error(`${uri} was not opened`);
    return found;
  };
  const request = <T>(method: string, params: unknown): Promise<T> => connection.sendRequest(method, params);
  const client: Client = {
    connection,
    initialized,
    ended,
    request,
    open: async (uri, marked, languageId = "yaml") => {
      const text = keep(uri, marked, 1);
      await connection.sendNotification("textDocument/didOpen", {
        textDocument: { uri, languageId, version: 1, text },
      });
    },
    change: async (uri, marked) => {
      const version = known(uri).version + 1;
      const text = keep(uri, marked, version);
      const textDocument = { uri, version };
      await connection.sendNotification("textDocument/didChange", {
        textDocument,
        contentChanges: [{ text }],
      });
    },
    diagnostics: async (uri) => {
      while (published.get(uri)?.version !== known(uri).version)
        await new Promise<void>((resolve) => waiting.push(resolve));
      return published.get(uri)?.diagnostics ?? [];
    },
    until: async (uri, holds) => {
      while (!holds(published.get(uri)?.diagnostics ?? []))
        await new Promise<void>((resolve) => waiting.push(resolve));
    },
    close: async (uri) => {
      published.delete(uri);
      await connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
      while (!published.has(uri)) await new Promise<void>((resolve) => waiting.push(resolve));
      return published.get(uri)?.diagnostics ?? [];
    },
    told: (uri) => published.has(uri),
    at: (uri) => ({ textDocument: { uri }, position: positionAt(known(uri).text, known(uri).offset) }),
    textOf: (uri) => known(uri).text,
    completions: async (uri) =>
      (await request<readonly CompletionItem[] | null>("textDocument/completion", client.at(uri))) ?? [],
    actions: async (uri, context = {}) => {
      const { textDocument, position } = client.at(uri);
      const range = { start: position, end: position };
      const params = { textDocument, range, context: { diagnostics: [], ...context } };
      return (await request<readonly CodeAction[] | null>("textDocument/codeAction", params)) ?? [];
    },
  };
  return client;
}

export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

export function offsetAt(text: string, { line, character }: Position): number {
  return (
    text
      .split("\n")
      .slice(0, line)
      .reduce((sum, one) => sum + one.length + 1, 0) + character
  );
}

/** A text after an editor has applied edits. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = [...edits].sort((a, b) => offsetAt(text, b.range.start) - offsetAt(text, a.range.start));
  return ordered.reduce(
    (now, { range, newText }) =>
      now.slice(0, offsetAt(text, range.start)) + newText + now.slice(offsetAt(text, range.end)),
    text,
  );
}

/** The edits of one document. */
export function editsOf(edit: WorkspaceEdit | null | undefined, uri: string): readonly TextEdit[] {
  return edit?.changes?.[uri] ?? [];
}
