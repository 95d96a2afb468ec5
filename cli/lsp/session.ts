/** What the server knows of one client: its folders, its open documents, what was found in them and told. */
import { type Connection, type InitializeParams, TextDocuments } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { World } from "../world.ts";
import { type ClientFeatures, featuresOf } from "./client.ts";
import { toDiagnostic } from "./convert.ts";
import { Judged, kindOf } from "./documents.ts";
import { type JudgedDocument, judgeDocument } from "./judge.ts";
import { createWorkspace, pathOf, type Workspace } from "./workspace.ts";

export class Session {
  readonly documents: TextDocuments<TextDocument> = new TextDocuments(TextDocument);
  readonly judged: Judged<JudgedDocument | undefined>;
  readonly #connection: Connection;
  readonly #folders = new Set<string>();
  /** Documents that findings were sent for. */
  readonly #told = new Set<string>();
  #client: ClientFeatures = featuresOf({});
  #workspace: Workspace;

  constructor(connection: Connection, world: World) {
    this.#connection = connection;
    const openText = (path: string): string | undefined => this.#openText(path);
    this.#workspace = createWorkspace([], openText);
    this.judged = new Judged<JudgedDocument | undefined>({
      judge: (document, pause) => judgeDocument(document, this.#workspace, openText, world, pause),
      tell: (document, found) => this.#tell(document, found),
      failed: (document, error) => this.#failed(document, error),
      open: (uri) => this.documents.get(uri),
      concerns: (document) => kindOf(document) === "descriptor",
    });
    this.documents.onDidChangeContent(({ document }) => this.#changed(document));
    this.documents.onDidClose(({ document }) => this.#closed(document));
  }

  get client(): ClientFeatures {
    return this.#client;
  }

  get workspace(): Workspace {
    return this.#workspace;
  }

  begin(params: InitializeParams): void {
    this.#client = featuresOf(params.capabilities);
    this.changeFolders(foldersOf(params), []);
  }

  /** URIs of folders that the editor has opened and closed. */
  changeFolders(added: readonly string[], removed: readonly string[]): void {
    for (const uri of removed) this.#folders.delete(uri);
    for (const uri of added) this.#folders.add(uri);
    this.#workspace = createWorkspace([...this.#folders], (path) => this.#openText(path));
    this.judgeAll();
  }

  /** A schema file or a configuration may rule over any of the open documents. */
  judgeAll(): void {
    for (const document of this.documents.all()) this.judged.changed(document);
  }

  #changed(document: TextDocument): void {
    this.judged.changed(document);
    // What is edited here may be a schema file or the configuration of another document.
    if (kindOf(document) === "descriptor") return;
    for (const other of this.documents.all()) if (other !== document) this.judged.changed(other);
  }

  #closed(document: TextDocument): void {
    const { uri } = document;
    this.judged.closed(document);
    if (this.#told.delete(uri)) void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  #tell({ uri, version }: TextDocument, found: JudgedDocument | undefined): void {
    // The other YAML of a workspace is none of our business, unless it was a descriptor a moment ago.
    if (!found && !this.#told.has(uri)) return;
    if (found) this.#told.add(uri);
    else this.#told.delete(uri);
    const findings = found?.analysis.diagnostics ?? [];
    const diagnostics = findings.map((one) => toDiagnostic(one, uri, this.#client.related));
    void this.#connection.sendDiagnostics({ uri, version, diagnostics });
  }

  #failed({ uri }: TextDocument, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#connection.console.error(
      `Something failed inside this program while it judged ${uri} (${message}). Please report it with the descriptor.`,
    );
  }

  #openText(path: string): string | undefined {
    return this.documents
      .all()
      .find(({ uri }) => pathOf(uri) === path)
      ?.getText();
  }
}

function foldersOf({ workspaceFolders, ...params }: InitializeParams): readonly string[] {
  if (workspaceFolders && workspaceFolders.length > 0) return workspaceFolders.map(({ uri }) => uri);
  // Clients from before workspace folders; the protocol's types mark the key as out of date.
  const { rootUri } = params as { readonly rootUri?: string | null };
  return rootUri ? [rootUri] : [];
}
