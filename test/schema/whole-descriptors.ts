/** Whole descriptors written by the field tables of the language's core: every field of each table appears. */

/** Every core field but those of databases, with both parameter locations and the chain of the reference. */
export const everyCoreField = `
metadata:
  name: "Jira Cloud"
  slug: "jira-cloud"
  version: "1.2.0"
  description: "Connect to Jira Cloud for issue tracking and project management."
  summary: "Issue CRUD, search, and project management"
  publisher: "Acme Corp"
  documentation_url: "https://developer.example.com/cloud/rest/v3/"
  categories: [saas, database, file_storage, messaging, analytics, custom]
  tags: [project-management, issue-tracking]
authentication:
  - type: api_key
    description: "API token"
    docs_url: "https://support.example.com/tokens/"
    fields:
      - key: email
        label: "Email Address"
        field_type: string
        required: true
        description: "Account email"
        example: "user@company.com"
      - { key: api_token, label: "API Token", field_type: secret, required: true, secret: true }
      - { key: port, label: "Port", field_type: integer, required: false, example: 8080 }
      - { key: verify, label: "Verify", field_type: boolean, required: false, example: true }
    test_endpoint:
      url: "https://{domain}.example.net/rest/api/3/myself"
      method: GET
      expected_status: 200
      headers: { Accept: application/json, X-Retries: 3 }
  - type: oauth2_authorization_code
    oauth:
      authorize_url: "https://auth.example.com/authorize"
      token_url: "https://auth.example.com/oauth/token"
      scopes:
        - { name: "read:work", description: "Read projects and issues" }
        - "write:work"
      default_scopes: ["read:work"]
  - type: oauth2_client_credentials
    fields:
      - { key: client_id, label: "Client ID" }
      - { key: client_secret, label: "Client Secret", field_type: secret, secret: true }
    oauth: { token_url: "https://auth.example.com/oauth/token" }
  - type: basic
    fields:
      - { key: username, label: "Username" }
      - { key: password, label: "Password", field_type: password, secret: true }
  - type: service_account
    fields:
      - { key: service_account_json, label: "Service Account JSON", field_type: json, secret: true }
  - { type: none }
  - { type: api_key, description: "A token of several requests", credential_chain_id: siem_oauth }
credential_chains:
  - chain_id: siem_oauth
    description: "Multi-step OAuth"
    initial_credentials_required: [username, password, base_url, gateway_url]
    steps:
      - step_name: ws_token
        endpoint: "{base_url}/ws/token/generate"
        method: GET
        headers: { username: "{username}", password: "{password}", validity: "365" }
        query_params: { days: 365 }
        extract: { ws_token: "$.token" }
        ttl_seconds: 31536000
      - step_name: oauth_token
        endpoint: "{gateway_url}/api/v2/oauth/token"
        method: POST
        headers: { wstoken: "{ws_token}" }
        body: { grant: "token" }
        extract: { bearer_token: "$.access_token", expires_in: "$.expires_in" }
        cache_key: "{username}"
    final_credential_name: bearer_token
operations:
  - operation_id: list_issues
    endpoint: "https://{domain}.example.net/rest/api/3/search"
    method: GET
    summary: "Search issues"
    description: "Returns issues with pagination support"
    auth_type_ref: api_key
    auth_headers: { Authorization: "Basic {base64({email}:{api_token})}" }
    credential_field: bearer_token
    parameters:
      - { name: jql, location: query, description: "Query", required: true, field_type: string, example: "status = Open" }
      - { name: max, location: query, required: false, field_type: integer, default_value: 50 }
      - { name: id, location: path, field_type: secret }
      - { name: trace, location: header, field_type: password }
      - { name: extra, location: body, field_type: json, default_value: { a: [1] } }
      - { name: flag, location: query, field_type: boolean, default_value: false }
    response_schema:
      type: object
      required: ["issues", "total"]
      properties: { issues: { type: array }, total: { type: integer } }
    rate_limit_scope: per_account
    tags: [read, search]
rate_limits:
  - { scope: per_account, limit: 100, interval_seconds: 60, burst: 20, note: "Standard limit" }
  - { scope: per_user, limit: 50, interval_seconds: 60 }
  - { scope: per_token, limit: 5, interval_seconds: 1 }
  - { scope: per_connection, limit: 5, interval_seconds: 0.5 }
sla:
  availability_percentage: 99.9
  latency_ms_p95: 2000
  error_budget_percentage: 0.1
  data_freshness_minutes_p95: 5
  rto_minutes: 60
  rpo_minutes: 15
capabilities:
  sync_modes: [full_refresh, incremental, streaming]
  supports_schema_discovery: true
  supports_incremental_bookmark: true
  supports_change_data_capture: false
  supports_custom_sql: false
  supports_file_ingestion: false
  max_parallel_tasks: 5
mcp_config:
  enabled: true
  server_name: "jira-mcp"
  server_description: "MCP server for issue management"
  route_mappings:
    - operation_id: list_issues
      mcp_tool_name: "search_issues"
      mcp_tool_description: "Search issues"
      parameter_mappings: { jql: "jql_query" }
`;

/** A database connector has no operations. */
export const database = `
metadata: { name: Warehouse, slug: warehouse, description: "Tables of a warehouse.", publisher: Acme }
authentication: [{ type: basic }]
database_config: { adapter: postgres, default_schema: public, tables: [] }
`;

/** Every field that the language adds to the core. */
export const everyAddedField = `
language_version: 1
jsonpath: rfc9535
x-team: { owner: integrations }
metadata: { name: Notes, slug: notes, description: "Notes of a workspace.", publisher: Acme, x-color: blue }
base_url: "https://{region}.example.com/v2"
allowed_hosts: ["*.example.com", "cdn.example.org:8443"]
connection_config:
  - { key: region, label: Region, field_type: string, required: true, description: "Data region", example: eu, default_value: eu, enum: [eu, us] }
  - { key: account, pattern: "[a-z0-9]+", format: subdomain }
schemas:
  Note: { type: object, properties: { __proto__: { type: string }, id: { type: string } } }
defaults:
  headers: { Accept: application/json }
  query: { v: 2 }
  auth_headers: { Authorization: "Bearer {access_token}" }
  auth_query: { key: "{access_token}" }
  auth_cookies: { session: "{access_token}" }
  pagination: { type: link_header, limit_param: per_page, page_size: 100 }
  retry: { max_attempts: 3, on_status: [429, 503], initial_ms: 100, max_ms: 20000 }
  errors: [{ when: { status: 423 }, action: retry }]
  timeout_ms: 10000
authentication:
  - type: oauth2_authorization_code
    profile_id: user
    allowed_hosts: [files.example.com]
    auth_headers: { Authorization: "Bearer {access_token}" }
    auth_query: { a: "{access_token}" }
    auth_cookies: { b: "{access_token}" }
    expired_when:
      - { status: [400, 440], json: { path: "$.error", in: [expired, 7], matches: "^e" } }
      - { header: { name: X-Expired, equals: "1" }, text: { contains: "expired" } }
    mtls: { certificate: certificate, key: key }
    oauth:
      authorize_url: "https://auth.example.com/authorize"
      token_url: "https://auth.example.com/token"
      refresh_url: "https://auth.example.com/refresh"
      scopes: [read]
      default_scopes: [read]
      scope_separator: ","
      client_id: "{client_id}"
      client_secret: "{client_secret}"
      client_auth: private_key_jwt
      client_assertion: { algorithm: ES256, key: "{private_key}", key_id: k1, claims: { aud: x }, headers: { typ: JWT }, ttl_seconds: 60 }
      assertion: { key: "{private_key}" }
      token_method: POST
      body_format: json
      token_headers: { X-App: notes }
      token_params: { resource: notes, audience: null }
      authorize_params: { prompt: consent }
      authorize_fragment: /oauth/authorize
      authorize_anchor: redirect
      refresh: { method: POST, body_format: form, headers: { X-App: notes }, client_auth: basic_raw, after_token: true }
      param_names: { client_id: app_id, client_secret: secret, code: auth_code, redirect_uri: redirectUri, state: custom, response_type: responseType, scope: scopes, grant_type: grant, refresh_token: refresh, code_verifier: verifier }
      callback: { code: auth_code, state: custom, extract: { realm_id: realmId } }
      ttl_seconds: 3600
      after_token: [{ step_name: who, endpoint: /me, extract: { account: "$.id" } }]
      refresh_params: { resource: notes }
      issuer: "https://auth.example.com"
      pkce: true
      audience: notes
      subject: "{user}"
      keep_refresh_token: false
      response: { format: json, access_token: ["$.access_token", "$.data.token"], expires_in_unit: milliseconds, refresh_token: "$.r", expires_in: "$.e", expires_at: "$.x", token_type: "$.t", scope: "$.s", error: "$.err", error_description: "$.why" }
      extract: { instance_url: "$.instance_url" }
  - { type: bearer }
  - { type: digest }
  - { type: wsse, wsse: { header: X-WSSE, nonce: hex, digest: hex } }
  - type: jwt
    jwt: { algorithm: HS256, key: "{secret}", key_encoding: hex, key_id: a, headers: { typ: JWT }, claims: { iss: "{issuer}" }, ttl_seconds: 300 }
  - type: oauth1
    oauth1: { consumer_key: "{a}", consumer_secret: "{b}", token: "{c}", token_secret: "{d}", signature_method: HMAC-SHA256, realm: r, request_token_url: "https://a.example.com/request", authorize_url: "https://a.example.com/authorize", access_token_url: "https://a.example.com/access", confirms_callback: false }
  - type: aws_sigv4
    aws_sigv4: { service: execute-api, region: "{region}", access_key_id: "{a}", secret_access_key: "{b}", session_token: "{c}", assume_role: { role_arn: "{d}", external_id: "{e}", session_name: s, duration_seconds: 900, sts_url: "https://sts.example.com/" } }
credential_chains:
  - description: A chain
    initial_credentials_required: [user]
    steps:
      - step_name: login
        endpoint: /login
        content_type: form
        response_type: xml
        body: [{ $raw: "a" }]
        success_status: [200, 2xx, 200-204]
        extract: { a: { header: X-Token }, b: { cookie: sid }, c: { text: true }, d: "$.d" }
        ttl_from: { kind: expires_at, extract: d, unit: date }
    final_credential_name: a
operations:
  - operation_id: list_notes
    endpoint: /notes
    summary: List notes
    capability: note.read
    auth_type_ref: [user, bearer]
    auth_query: { k: "{token}" }
    auth_cookies: { s: "{token}" }
    query: { embed: true }
    headers: { X-Version: 2 }
    body: { query: { $raw: "{ a }" }, deep: [1, { b: "{x}" }] }
    content_type: json
    parameters:
      - { name: ids, location: query, field_type: array, wire_name: "ids[]", style: form, explode: true, schema: { items: { type: string } }, example: [a] }
      - { name: project, location: body, field_type: object, body_path: fields.project.key }
      - { name: day, location: cookie, field_type: date }
      - { name: at, location: query, field_type: datetime }
      - { name: file, location: body, field_type: file }
      - { name: ratio, location: query, field_type: number, example: 0.5 }
    response: { type: json, records_path: "$.notes", success_status: 2xx, error_message_path: "$.m", error_code_path: "$.c" }
    pagination:
      type: cursor
      cursor_path: "$.next"
      cursor_param: cursor
      cursor_location: query
      more_cursors: { version: "$.version" }
      limit_param: limit
      page_size: 50
      has_more_path: "$.more"
      total_path: "$.total"
      stop_when: { json: { path: "$.end", equals: true } }
      stop_on_short_page: false
      max_pages: 10
      primary_key: [id]
    retry: { max_attempts: 1 }
    errors:
      - { when: { json: { path: "$.error", exists: true } }, action: fail, code: permission_denied, message: "no" }
      - { when: { text: { contains: gone } }, action: refresh_credentials }
    timeout_ms: 5000
    rate_limit_scope: [search, per_user]
    cost: 2
    side_effecting: false
    destructive: false
    idempotency: { header: Idempotency-Key }
    deprecated: true
    deprecated_message: "Use search."
    added_in_version: "1.1.0"
    examples: { plain: { description: "One note", params: { ids: [a] }, response: { status: 200, body: { notes: [] } } } }
    mock: { slow: { delay_ms: 100, status: 503, headers: { Retry-After: 1 } }, gone: { fault: connection_reset } }
  - { operation_id: a, endpoint: /a, summary: A, auth_type_ref: bearer, response_schema: true, pagination: { type: offset, offset_param: start } }
  - { operation_id: b, endpoint: /b, summary: B, auth_type_ref: bearer, pagination: { type: page, page_param: p, start_page: 0 } }
  - { operation_id: c, endpoint: /c, summary: C, auth_type_ref: bearer, pagination: { type: none } }
  - { operation_id: d, endpoint: /d, summary: D, auth_type_ref: bearer, pagination: { type: cursor, cursor_header: X-Next } }
  - { operation_id: e, endpoint: /e, summary: E, auth_type_ref: bearer, pagination: { type: cursor, next_url_path: "$.next" } }
  - { operation_id: f, endpoint: /f, summary: F, auth_type_ref: bearer, pagination: { type: cursor, cursor_from_record: "$.id" } }
rate_limits:
  - scope: per_account
    limit: 10
    interval_seconds: 1
    name: search
    max_concurrent: 2
    pacing: smooth
    response_headers: { limit: X-Limit, remaining: X-Remaining, reset: { header: X-Reset, unit: epoch_seconds } }
    shared: tenants
    on_state_loss: closed
    includes: [auth]
  - { scope: per_user, limit: 1, interval_seconds: 1, response_headers: { reset: X-Reset } }
`;

/** The tools of an MCP server that the host starts. */
export const upstream: string = `
metadata: { name: Shop, slug: shop, description: Orders of a shop., publisher: Example }
mcp_upstream: { type: stdio, server: shop }
authentication: [{ type: none }]
operations:
  - operation_id: list_orders
    summary: List orders
    auth_type_ref: none
    tool: { name: orders.list, hash: "sha256:${"0".repeat(64)}" }
`;
