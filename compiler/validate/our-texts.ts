/** Which texts the language reads, and which are the author's own or for people. */
import type { Pointer } from "../read/tree.ts";

/** Keys whose values the language reads: names, references, words of lists, addresses, paths. */
const ours: ReadonlySet<string> = new Set(
  (
    "slug base_url key format type profile_id credential_chain_id credential_field chain_id step_name endpoint url method " +
    "initial_credentials_required final_credential_name operation_id auth_type_ref capability content_type response_type " +
    "rate_limit_scope scope location field_type wire_name body_path style action code kind unit pacing token_url authorize_url " +
    "refresh_url client_auth default_scopes records_path error_message_path error_code_path cursor_path next_url_path has_more_path " +
    "total_path cursor_header cursor_param limit_param offset_param page_param cursor_location cursor_from_record mcp_tool_name " +
    "server_name header remaining reset limit allowed_hosts certificate service region role_arn"
  ).split(" "),
);

/** Maps whose entries are the author's own: what they hold is sent, compared or shown as it stands. */
export const theirs: ReadonlySet<string> = new Set(
  (
    "headers query query_params body auth_headers auth_query auth_cookies examples example mock default default_value enum const " +
    "token_params refresh_params authorize_params token_headers claims properties"
  ).split(" "),
);

/** Whether the language says what the text at a place is for. */
export function isOurs(path: Pointer): boolean {
  const [key, above] = path.filter((step) => typeof step === "string").reverse();
  if (key === "name")
    return above === "parameters" || above === "rate_limits" || above === "header" || above === "scopes";
  if (above === "parameter_mappings" || above === "extract") return true;
  if (key === "required" || key === "$ref") return true;
  return key !== undefined && ours.has(key) && !path.slice(0, -1).some((step) => theirs.has(String(step)));
}

/** Texts for people. */
const forPeople: ReadonlySet<string> = new Set(
  "summary description label note message publisher deprecated_message server_description mcp_tool_description example title".split(
    " ",
  ),
);

export function isForPeople(path: Pointer): boolean {
  return forPeople.has(String(path.at(-1))) || path.includes("examples");
}

/** The value of a header: what stands around it is no part of it (RFC 9110, section 5.5). */
export function isHeaderValue(path: Pointer): boolean {
  return /^(?:auth_|token_)?headers$/.test(String(path.at(-2)));
}
