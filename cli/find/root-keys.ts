/**
 * Which keys a file has at its root, read from the text alone: a folder is searched without parsing every file in
 * it, and a descriptor with a syntax error is still found, and then reported.
 */
const sections: ReadonlySet<string> = new Set([
  "authentication",
  "credential_chains",
  "operations",
  "capabilities",
  "rate_limits",
  "sla",
  "mcp_config",
  "database_config",
  "connection_config",
  "base_url",
  "schemas",
  "defaults",
  "streams",
  "events",
  "destinations",
  "transforms",
  "probe",
  "script",
  "external",
  "mcp_upstream",
  "tests",
]);

/** True for text whose root has `metadata` and another section of a descriptor; what `connector build` wrote is none. */
export function looksLikeDescriptor(text: string): boolean {
  const keys = rootKeys(text);
  return !keys.has("ir_version") && keys.has("metadata") && [...keys].some((key) => sections.has(key));
}

/** The keys at the root of JSON or YAML text, over all its documents. */
export function rootKeys(text: string): ReadonlySet<string> {
  const content = text.replace(/^\ufeff/, "");
  return /^(?:\s|#.*\n|---(?=\s))*\{/.test(content) ? flowKeys(content) : blockKeys(content);
}

/** Keys of a `{ … }` root: what stands before a colon at depth one, outside strings and nested brackets. */
function flowKeys(text: string): ReadonlySet<string> {
  const keys = new Set<string>();
  const token = /"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|[{}[\],:]|[^\s"'{}[\],:]+/g;
  let depth = 0;
  let last = "";
  for (const [whole, double, single] of text.matchAll(token)) {
    if (whole === "{" || whole === "[") depth += 1;
    else if (whole === "}" || whole === "]") depth -= 1;
    else if (whole === ":" && depth === 1) keys.add(last);
    last = double ?? single ?? whole;
  }
  return keys;
}

/** Keys of block mappings: lines at the indentation of their document's first line of content. */
function blockKeys(text: string): ReadonlySet<string> {
  const keys = new Set<string>();
  let indentation: number | undefined;
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (/^(?:---|\.\.\.)(?:\s|$)/.test(line)) {
      indentation = undefined;
      continue;
    }
    if (/^\s*(?:#|%|$)/.test(line)) continue;
    const indent = line.length - line.trimStart().length;
    indentation ??= indent;
    if (indent !== indentation) continue;
    const key = /^(?:"([^"]*)"|'([^']*)'|([^\s:#'"{[&*!|>%@`-][^:#]*?))\s*:(?:\s|$)/.exec(line.trimStart());
    if (key) keys.add(key[1] ?? key[2] ?? key[3] ?? "");
  }
  return keys;
}
