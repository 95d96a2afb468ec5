/** What the editor at the other end can show, and what we tell it of ourselves. */
import {
  type ClientCapabilities,
  CodeActionKind,
  MarkupKind,
  type ServerCapabilities,
  TextDocumentSyncKind,
} from "vscode-languageserver";
import { fixAllKind } from "./actions.ts";

export interface ClientFeatures {
  /** Hovers and the documentation of completions may have markup. */
  readonly markdown: { readonly hover: boolean; readonly completion: boolean };
  readonly snippets: boolean;
  readonly related: boolean;
  /** It tells of files that change if it is asked to. */
  readonly watches: boolean;
  /** It tells of folders that are opened and closed. */
  readonly folders: boolean;
}

export function featuresOf({ textDocument, workspace }: ClientCapabilities): ClientFeatures {
  const completionItem = textDocument?.completion?.completionItem;
  return {
    markdown: {
      hover: textDocument?.hover?.contentFormat?.includes(MarkupKind.Markdown) === true,
      completion: completionItem?.documentationFormat?.includes(MarkupKind.Markdown) === true,
    },
    snippets: completionItem?.snippetSupport === true,
    related: textDocument?.publishDiagnostics?.relatedInformation === true,
    folders: workspace?.workspaceFolders === true,
    watches: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
  };
}

export const serverCapabilities: ServerCapabilities = {
  positionEncoding: "utf-16",
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  documentLinkProvider: {},
  renameProvider: { prepareProvider: true },
  completionProvider: { triggerCharacters: ["{", '"', "'", ".", "(", ":", "#", "-"] },
  signatureHelpProvider: { triggerCharacters: ["(", ","] },
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, fixAllKind] },
};

/** Files whose change may change what is found: schema files, configurations. Baselines are YAML or JSON, too. */
export const watched = "**/*.{yaml,yml,json}";
