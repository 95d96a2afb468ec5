/** Quotes that close a text which none opens: in a name or a reference a sure slip, in prose a likely one. */
import type { Finding, Report } from "../diagnostics.ts";
import { type Node, type Pointer, pointerText, type ScalarNode } from "../read/tree.ts";

/**
 * Reports each text without quotes that ends with one. Where the language says what the text is for, it cannot mean what it
 * says: an error, marked as `broken`, so that nothing is said of what follows from it. In words for people, and in what is sent
 * as it stands, it is a warning.
 */
export function tellStrayQuotes(
  root: Node,
  original: (path: Pointer) => Pointer,
  report: Report,
  broken: Set<string>,
): void {
  const path: (string | number)[] = [];
  // What stands at an anchor is one text, wherever it is taken over.
  const told = new Set<Node>();
  const visit = (node: Node): void => {
    if (node.kind === "scalar") {
      const text = strayText(node);
      const isSure = text !== undefined && isOurs(path);
      if (text === undefined || (!isSure && isWord(text))) return;
      if (isSure) broken.add(pointerText(path));
      if (!told.has(node)) report(findingAt(node, original([...path]), isSure));
      told.add(node);
      return;
    }
    const children = node.kind === "map" ? node.entries : node.items;
    for (let index = 0; index < children.length; index++) {
      const child = children[index];
      if (!child) continue;
      path.push("key" in child ? child.key : index);
      visit("key" in child ? child.value : child);
      path.pop();
    }
  };
  visit(root);
}

/** A text that ends with a quote; one that has a partner in the text belongs to it. */
function strayText({ value, style }: ScalarNode): string | undefined {
  if (style !== "plain" || typeof value !== "string" || value.length < 2) return undefined;
  const quote = value.at(-1);
  if (quote !== '"' && quote !== "'") return undefined;
  return value.split(quote).length === 2 ? value : undefined;
}

/** In prose `12"` are inches, and `users'` is a genitive. */
function isWord(text: string): boolean {
  return /\d"$|s'$/i.test(text);
}

/** Keys whose values the language reads: names, references, words of lists, addresses, paths. */
const ours: ReadonlySet<string> = new Set(
  (
    "slug base_url key format type profile_id credential_chain_id credential_field chain_id step_name endpoint url method " +
    "initial_credentials_required final_credential_name operation_id auth_type_ref capability content_type response_type " +
    "rate_limit_scope scope location field_type wire_name body_path style action code kind unit pacing token_url authorize_url " +
    "refresh_url client_auth default_scopes records_path error_message_path error_code_path cursor_path next_url_path has_more_path " +
    "total_path cursor_header cursor_param limit_param offset_param page_param cursor_location cursor_from_record mcp_tool_name " +
    "server_name header remaining reset limit allowed_hosts certificate"
  ).split(" "),
);

/** Maps whose entries are the author's own: what they hold is sent, compared or shown as it stands. */
const theirs: ReadonlySet<string> = new Set(
  (
    "headers query query_params body auth_headers auth_query auth_cookies examples example mock default default_value enum const " +
    "token_params refresh_params authorize_params token_headers claims properties"
  ).split(" "),
);

function isOurs(path: Pointer): boolean {
  const [key, above] = path.filter((step) => typeof step === "string").reverse();
  if (key === "name")
    return above === "parameters" || above === "rate_limits" || above === "header" || above === "scopes";
  if (above === "parameter_mappings" || above === "extract") return true;
  if (key === "required" || key === "$ref") return true;
  return key !== undefined && ours.has(key) && !path.slice(0, -1).some((step) => theirs.has(String(step)));
}

function findingAt({ span }: ScalarNode, path: Pointer, isSure: boolean): Finding {
  return {
    rule: isSure ? "yaml/unopened-quote" : "yaml/stray-quote",
    path,
    span: { start: span.end - 1, end: span.end },
    message: "No quote begins this text: the one at its end is a part of it.",
    label: "a part of the text",
    help: "Remove it, or put the whole text in quotes.",
    replace: "",
    ...(isSure ? { covers: [span] } : {}),
  };
}
