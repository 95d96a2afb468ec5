/** Identifiers come from an allow-list of ASCII letters and digits, so that no name in a descriptor can be code. */
function words(text: string): readonly string[] {
  return text.slice(0, 200).match(/[A-Za-z0-9]+/g) ?? [];
}

function identifier(text: string, fallback: string): string {
  if (text === "") return fallback;
  return /^[0-9]/.test(text) ? `_${text}` : text;
}

/** `issue-type` → `IssueType`; what has no letter or digit of ASCII gets the fallback. */
export function pascalCase(text: string, fallback: string): string {
  return identifier(words(text).map(upperFirst).join(""), fallback);
}

/** `list_issues` → `listIssues`; a leading digit gets `_`. */
export function camelCase(text: string, fallback: string): string {
  const [first = "", ...rest] = words(text);
  return identifier(lowerFirst(first) + rest.map(upperFirst).join(""), fallback);
}

function upperFirst(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function lowerFirst(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1);
}

/**
 * Members of a client that are ours or the language's: `then` would make it a promise, `toJSON` would serialise it,
 * `request` is kept for a raw call.
 */
export const reservedMethods: readonly string[] = [
  "then",
  "catch",
  "finally",
  "constructor",
  "toJSON",
  "toString",
  "toLocaleString",
  "valueOf",
  "hasOwnProperty",
  "isPrototypeOf",
  "propertyIsEnumerable",
  "request",
  "close",
  "connection",
];

/** Type names that the generated text uses for itself. */
export const reservedTypes: readonly string[] = [
  "Array",
  "AsyncIterable",
  "AsyncIterator",
  "Error",
  "Function",
  "JSON",
  "Number",
  "Object",
  "Omit",
  "Promise",
  "PromiseLike",
  "String",
  "Symbol",
  "Uint8Array",
  "Boolean",
  "Date",
  "Record",
  "AnswerOf",
  "PageOf",
  "PendingCall",
  "PendingPages",
  "RunningCall",
  "RunningPages",
  "CallOptions",
  "PageOptions",
  "FileUpload",
  "ByteStream",
  "StreamOptions",
  "AnswerStream",
  "CredentialsProvider",
  "CredentialsRequest",
  "ConnectorError",
];
