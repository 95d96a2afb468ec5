/**
 * Names from other specifications, and everyday ones, with the names that the language has for them. The first
 * that is legal and not yet given at the place is meant.
 */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  args: ["parameters"],
  auth: ["authentication", "auth_type_ref"],
  author: ["publisher"],
  authorization_url: ["authorize_url"],
  chain: ["credential_chain_id"],
  chain_id: ["credential_chain_id"],
  chains: ["credential_chains"],
  config: ["connection_config"],
  cookies: ["auth_cookies"],
  credential_chain: ["credential_chain_id"],
  data: ["body"],
  database: ["database_config"],
  default: ["default_value"],
  display_name: ["label"],
  docs: ["docs_url", "documentation_url"],
  expires_in: ["ttl_seconds"],
  http_method: ["method"],
  id: ["operation_id", "profile_id", "chain_id", "key", "slug"],
  in: ["location"],
  inputs: ["parameters"],
  interval: ["interval_seconds"],
  kind: ["type"],
  limits: ["rate_limits"],
  mcp: ["mcp_config"],
  name: ["operation_id", "step_name", "mcp_tool_name", "key", "chain_id", "server_name"],
  output_schema: ["response_schema"],
  params: ["parameters", "query_params"],
  path: ["endpoint"],
  payload: ["body"],
  period: ["interval_seconds"],
  profile: ["auth_type_ref"],
  query: ["query_params"],
  query_params: ["query"],
  request_body: ["body"],
  requests: ["limit"],
  schema: ["response_schema"],
  security: ["authentication", "auth_type_ref"],
  settings: ["connection_config"],
  test: ["test_endpoint"],
  timeout: ["timeout_ms"],
  title: ["name", "label", "summary"],
  token_endpoint: ["token_url"],
  tool_description: ["mcp_tool_description"],
  tool_name: ["mcp_tool_name"],
  ttl: ["ttl_seconds"],
  type: ["field_type"],
  uri: ["endpoint", "url"],
  url: ["endpoint"],
  vendor: ["publisher"],
  verb: ["method"],
  window: ["interval_seconds"],
};

/** The first of a name's synonyms that is among `candidates`. */
export function synonym(name: string, candidates: readonly string[]): string | undefined {
  const known = Object.hasOwn(synonyms, name) ? synonyms[name] : undefined;
  return known?.find((candidate) => candidates.includes(candidate));
}
