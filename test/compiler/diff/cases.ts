/** A descriptor with something of everything, and for each rule of `connector diff` an edit of it that brings the rule. */
import { base, swapped } from "./support.ts";

/** A descriptor with what the shared base lacks. */
export const rich: string = [
  ["language_version: 1\n", "language_version: 1\nx-team: desk\n"],
  [
    "    enum: [eu, us]\n",
    '    enum: [eu, us]\n    default_value: eu\n  - key: locale\n    label: Locale\n    pattern: "[a-z]+"\n    required: false\n    default_value: de\n',
  ],
  [
    "  - profile_id: login\n",
    "  - profile_id: basic\n    type: basic\n    allowed_hosts: [files.example.com]\n    expired_when: { status: 419 }\n  - profile_id: code\n    type: oauth2_authorization_code\n    oauth:\n      authorize_url: https://auth.example.com/authorize\n      token_url: https://auth.example.com/token\n      scopes: [read]\n  - profile_id: signed\n    type: aws_sigv4\n    aws_sigv4: { service: execute-api, region: eu-west-1 }\n    fields:\n      - { key: access_key_id, label: Id }\n      - { key: secret_access_key, label: Key, secret: true }\n  - profile_id: login\n",
  ],
  [
    "      - name: trace\n",
    "      - name: labels\n        location: query\n        field_type: array\n      - name: pin\n        location: header\n        field_type: secret\n        description: A pin.\n      - name: trace\n",
  ],
  [
    '    response_schema: { $ref: "#/schemas/Ticket" }\n',
    '    response_schema: { $ref: "#/schemas/Ticket" }\n    pagination: { type: none }\n  - operation_id: old_tickets\n    endpoint: /old\n    summary: List old tickets\n    auth_type_ref: [api_key, basic]\n    deprecated: true\n    timeout_ms: 1000\n    capability: reading\n    response: { success_status: [200, 202], type: json }\n    errors:\n      - { when: { status: 404 }, action: fail, code: no_tickets }\n  - operation_id: list_people\n    endpoint: /people\n    summary: List people\n    auth_type_ref: basic\n    query: { sort: name }\n    pagination: { type: page, page_size: 10, limit_param: size }\n',
  ],
  [
    "capabilities:\n",
    "database_config:\n  tables: [tickets, people]\ncapabilities:\n  supports_custom_sql: true\n  max_parallel_tasks: 2\n",
  ],
].reduce((text, [find = "", put = ""]) => swapped(text, find, put), base);

export type Edit = readonly [find: string, put: string];

/** Rules with the edits that bring them. What else an edit brings is its business. */
export const cases: readonly (readonly [rule: string, ...edits: Edit[]])[] = [
  // the connector itself
  ["diff/slug-changed", ["slug: desk", "slug: desks"]],
  ["diff/publisher-changed", ["publisher: Example", "publisher: Another"]],
  ["diff/metadata-changed", ["tags: [tickets]", "tags: [tickets, help]"]],
  ["diff/runtime-feature-required", ["language_version: 1", "language_version: 1\njsonpath: plus"]],
  ["diff/extension-changed", ["x-team: desk", "x-team: help"]],
  ["diff/capability-removed", ["supports_custom_sql: true", "supports_custom_sql: false"]],
  ["diff/capability-added", ["sync_modes: [full_refresh]", "sync_modes: [full_refresh, incremental]"]],
  ["diff/capability-changed", ["max_parallel_tasks: 2", "max_parallel_tasks: 3"]],
  ["diff/sla-lowered", ["availability_percentage: 99.9", "availability_percentage: 99"]],
  ["diff/sla-raised", ["availability_percentage: 99.9", "availability_percentage: 99.99"]],
  ["diff/database-table-removed", ["tables: [tickets, people]", "tables: [tickets]"]],
  ["diff/database-table-added", ["tables: [tickets, people]", "tables: [tickets, people, notes]"]],
  ["diff/database-changed", ["tables: [tickets, people]", "tables: [tickets, people]\n  adapter: mysql"]],
  // settings
  [
    "diff/setting-removed",
    [
      '  - key: locale\n    label: Locale\n    pattern: "[a-z]+"\n    required: false\n    default_value: de\n',
      "",
    ],
  ],
  [
    "diff/setting-added-required",
    ["connection_config:\n", "connection_config:\n  - { key: site, label: Site }\n"],
  ],
  [
    "diff/setting-added",
    ["connection_config:\n", "connection_config:\n  - { key: site, label: Site, required: false }\n"],
  ],
  ["diff/setting-became-required", ["required: false\n    default_value: de", "required: true"]],
  [
    "diff/setting-type-changed",
    [
      'pattern: "[a-z]+"\n    required: false\n    default_value: de',
      "field_type: integer\n    required: false\n    default_value: 1",
    ],
  ],
  ["diff/setting-narrowed", ["enum: [eu, us]", "enum: [eu]"]],
  ["diff/setting-widened", ['    pattern: "[a-z]+"\n', ""]],
  ["diff/setting-host-widened", ["enum: [eu, us]", "enum: [eu, us, ap]"]],
  ["diff/setting-bounds-undecided", ['pattern: "[a-z]+"', 'pattern: "[a-z]*"']],
  ["diff/setting-text-changed", ["label: Locale", "label: Language"]],
  ["diff/setting-default-changed", ["default_value: de", "default_value: fr"]],
  ["diff/setting-host-default-changed", ["default_value: eu", "default_value: us"]],
  // profiles
  [
    "diff/profile-removed",
    [
      "  - profile_id: signed\n    type: aws_sigv4\n    aws_sigv4: { service: execute-api, region: eu-west-1 }\n    fields:\n      - { key: access_key_id, label: Id }\n      - { key: secret_access_key, label: Key, secret: true }\n",
      "",
    ],
  ],
  ["diff/profile-renamed", ["profile_id: signed", "profile_id: sigv4"]],
  ["diff/profile-added", ["authentication:\n", "authentication:\n  - { type: none }\n"]],
  [
    "diff/profile-type-changed",
    ["  - profile_id: basic\n    type: basic", "  - profile_id: basic\n    type: digest"],
  ],
  ["diff/profile-text-changed", ["description: Key of an agent.", "description: The key of an agent."]],
  ["diff/credential-removed", ["      - key: email\n        label: Email\n", ""], ["{email}:", ""]],
  [
    "diff/credential-added-required",
    ["      - key: email\n", "      - { key: site, label: Site }\n      - key: email\n"],
  ],
  [
    "diff/credential-added",
    ["      - key: email\n", "      - { key: site, label: Site, required: false }\n      - key: email\n"],
  ],
  [
    "diff/credential-became-optional",
    ["        label: Email\n", "        label: Email\n        required: false\n"],
  ],
  [
    "diff/credential-type-widened",
    ["field_type: secret\n    auth_headers", "field_type: string\n        secret: true\n    auth_headers"],
  ],
  [
    "diff/credential-type-changed",
    ["        label: Email\n", "        label: Email\n        field_type: integer\n"],
  ],
  ["diff/credential-narrowed", ["        label: Email\n", "        label: Email\n        format: email\n"]],
  ["diff/credential-text-changed", ["label: Email", "label: Mail"]],
  ["diff/credential-secrecy-lowered", ["label: Key, secret: true", "label: Key"]],
  [
    "diff/credential-became-secret",
    ["        label: Email\n", "        label: Email\n        secret: true\n"],
  ],
  [
    "diff/credential-declared",
    [
      "  - profile_id: basic\n    type: basic\n",
      "  - profile_id: basic\n    type: basic\n    fields:\n      - { key: username, label: User }\n      - { key: password, label: Password, secret: true, field_type: password }\n",
    ],
  ],
  ["diff/credential-origin-added", ["endpoint: /people", "endpoint: https://people.example.com/people"]],
  [
    "diff/allowed-host-added",
    ["allowed_hosts: [files.example.com]", "allowed_hosts: [files.example.com, cdn.example.com]"],
  ],
  ["diff/allowed-host-removed", ["    allowed_hosts: [files.example.com]\n", ""]],
  ["diff/expiry-rule-changed", ["expired_when: { status: 419 }", "expired_when: { status: 440 }"]],
  ["diff/test-endpoint-changed", ['url: "/me"', 'url: "/whoami"']],
  [
    "diff/client-certificate-changed",
    [
      "    allowed_hosts: [files.example.com]\n",
      "    allowed_hosts: [files.example.com]\n    fields: [{ key: username, label: U }, { key: password, label: P, secret: true }, { key: cert, label: C }, { key: certkey, label: K, secret: true }]\n    mtls: { certificate: cert, key: certkey }\n",
    ],
  ],
  [
    "diff/credential-placement-changed",
    ['Authorization: "Basic {base64({email}:{api_key})}"', 'X-Key: "{email} {api_key}"'],
  ],
  [
    "diff/credential-placement-exposed",
    [
      '    auth_headers:\n      Authorization: "Basic {base64({email}:{api_key})}"',
      '    auth_query:\n      key: "{api_key}"\n      mail: "{email}"',
    ],
  ],
  // how a credential comes to be
  ["diff/credential-source-changed", ["    credential_chain_id: login_chain\n", ""]],
  [
    "diff/chain-renamed",
    ["credential_chain_id: login_chain", "credential_chain_id: sign_in"],
    ["chain_id: login_chain\n    description", "chain_id: sign_in\n    description"],
  ],
  [
    "diff/chain-step-added",
    [
      "      - step_name: session\n",
      '      - step_name: hello\n        endpoint: /hello\n        extract: { greeting: "$.g" }\n        ttl_seconds: 60\n      - step_name: session\n',
    ],
  ],
  ["diff/chain-step-changed", ["endpoint: /session", "endpoint: /sessions"]],
  ["diff/chain-life-changed", ["ttl_seconds: 86400", "ttl_seconds: 3600"]],
  [
    "diff/chain-token-changed",
    ['          access: "$.token"\n', '          access: "$.token"\n          other: "$.other"\n'],
    ["final_credential_name: access", "final_credential_name: other"],
  ],
  ["diff/oauth-scope-added", ["default_scopes: [read]", "default_scopes: [read, write]"]],
  [
    "diff/oauth-scope-removed",
    ["scopes: [read]\n  - profile_id: signed", "scopes: []\n  - profile_id: signed"],
  ],
  [
    "diff/oauth-url-origin-changed",
    ["token_url: https://auth.example.com/token", "token_url: https://login.example.com/token"],
  ],
  ["diff/oauth-url-changed", ["https://auth.example.com/token", "https://auth.example.com/v2/token"]],
  [
    "diff/oauth-settings-changed",
    ["      scopes: [read, write]\n", "      scopes: [read, write]\n      audience: desk\n"],
  ],
  ["diff/signature-changed", ["region: eu-west-1", "region: eu-west-2"]],
  // operations
  [
    "diff/operation-removed-deprecated",
    [
      "  - operation_id: old_tickets\n    endpoint: /old\n    summary: List old tickets\n    auth_type_ref: [api_key, basic]\n    deprecated: true\n    timeout_ms: 1000\n    capability: reading\n    response: { success_status: [200, 202], type: json }\n    errors:\n      - { when: { status: 404 }, action: fail, code: no_tickets }\n",
      "",
    ],
  ],
  [
    "diff/operation-removed",
    [
      "  - operation_id: list_people\n    endpoint: /people\n    summary: List people\n    auth_type_ref: basic\n    query: { sort: name }\n    pagination: { type: page, page_size: 10, limit_param: size }\n",
      "",
    ],
  ],
  ["diff/operation-renamed", ["operation_id: list_people", "operation_id: people"]],
  [
    "diff/operation-added",
    [
      "operations:\n",
      "operations:\n  - { operation_id: ping, endpoint: /ping, summary: Ping, auth_type_ref: basic }\n",
    ],
  ],
  ["diff/operation-deprecated", ["summary: List people\n", "summary: List people\n    deprecated: true\n"]],
  ["diff/operation-restored", ["    deprecated: true\n", ""]],
  ["diff/operation-text-changed", ["summary: List people", "summary: List all people"]],
  ["diff/operation-capability-changed", ["capability: reading", "capability: reports"]],
  [
    "diff/operation-became-unsafe",
    ["summary: List people\n", "summary: List people\n    destructive: true\n"],
  ],
  [
    "diff/operation-became-safe",
    ["summary: Create a ticket\n", "summary: Create a ticket\n    side_effecting: false\n"],
  ],
  ["diff/operation-repeating-changed", ["max_attempts: 2", "max_attempts: 4"]],
  ["diff/operation-timeout-lowered", ["timeout_ms: 1000", "timeout_ms: 500"]],
  ["diff/operation-timeout-raised", ["timeout_ms: 1000", "timeout_ms: 5000"]],
  ["diff/operation-limits-changed", ["rate_limit_scope: reads", "rate_limit_scope: per_account"]],
  ["diff/operation-auth-removed", ["auth_type_ref: [api_key, login]", "auth_type_ref: [api_key]"]],
  [
    "diff/operation-auth-added",
    ["auth_type_ref: [api_key, login]", "auth_type_ref: [api_key, login, basic]"],
  ],
  ["diff/operation-auth-reordered", ["auth_type_ref: [api_key, login]", "auth_type_ref: [login, api_key]"]],
  // parameters
  [
    "diff/parameter-removed",
    [
      "      - name: pin\n        location: header\n        field_type: secret\n        description: A pin.\n",
      "",
    ],
  ],
  ["diff/parameter-renamed", ["      - name: trace\n", "      - name: trace_id\n"]],
  [
    "diff/parameter-added-required",
    [
      "      - name: trace\n",
      "      - { name: since, location: query, required: true }\n      - name: trace\n",
    ],
  ],
  [
    "diff/parameter-added",
    ["      - name: trace\n", "      - { name: since, location: query }\n      - name: trace\n"],
  ],
  [
    "diff/parameter-became-required",
    [
      "        location: query\n        field_type: array\n",
      "        location: query\n        required: true\n        field_type: array\n",
    ],
  ],
  [
    "diff/parameter-became-optional",
    [
      "      - name: subject\n        location: body\n        required: true\n",
      "      - name: subject\n        location: body\n",
    ],
  ],
  ["diff/parameter-type-changed", ["field_type: array", "field_type: integer"]],
  [
    "diff/parameter-type-widened",
    ["        field_type: integer\n        body_path", "        field_type: number\n        body_path"],
  ],
  ["diff/parameter-default-changed", ["default_value: 50", "default_value: 25"]],
  [
    "diff/parameter-schema-added",
    ["        field_type: array\n", "        field_type: array\n        schema: { maxItems: 3 }\n"],
  ],
  ["diff/parameter-schema-removed", ["        schema: { enum: [open, closed] }\n", ""]],
  [
    "diff/parameter-location-changed",
    ["wire_name: X-Trace\n        location: header", "wire_name: X-Trace\n        location: query"],
  ],
  ["diff/parameter-wire-name-changed", ["wire_name: X-Trace", "wire_name: X-Trace-Id"]],
  [
    "diff/parameter-style-changed",
    ["        field_type: array\n", "        field_type: array\n        style: pipeDelimited\n"],
  ],
  [
    "diff/parameter-secrecy-lowered",
    [
      "        location: header\n        field_type: secret",
      "        location: header\n        field_type: string",
    ],
  ],
  ["diff/parameter-text-changed", ["description: A pin.", "description: The pin."]],
  // requests
  ["diff/request-origin-changed", ['desk.example.com/api"', 'help.example.com/api"']],
  [
    "diff/request-method-changed",
    ["    method: POST\n    summary: Create", "    method: PUT\n    summary: Create"],
  ],
  ["diff/request-path-changed", ["endpoint: /people", "endpoint: /persons"]],
  ["diff/request-entry-changed", ["X-Source: connector", "X-Source: other"]],
  ["diff/request-body-changed", ["body_path: fields.priority", "body_path: priority"]],
  [
    "diff/request-body-type-changed",
    ["    summary: Create a ticket\n", "    summary: Create a ticket\n    content_type: form\n"],
    ["        body_path: fields.priority\n", ""],
  ],
  [
    "diff/request-secret-added",
    ["query: { sort: name }", 'query: { sort: name }\n    headers: { X-User: "{username}" }'],
  ],
  // answers
  ["diff/response-kind-changed", ["type: json }", "type: text }"]],
  [
    "diff/response-schema-added",
    ["summary: List people\n", "summary: List people\n    response_schema: { type: array }\n"],
  ],
  ["diff/response-schema-removed", ['    response_schema: { $ref: "#/schemas/Ticket" }\n', ""]],
  [
    "diff/records-path-changed",
    ['records_path: "$.tickets"', 'records_path: "$.data"'],
    ["tickets: { type: array", "data: { type: array"],
  ],
  ["diff/success-status-removed", ["success_status: [200, 202]", "success_status: [200]"]],
  ["diff/success-status-added", ["success_status: [200, 202]", "success_status: [200, 202, 204]"]],
  ["diff/error-code-removed", [", code: no_tickets", ""]],
  [
    "diff/error-code-added",
    [
      'when: { status: 409, json: { path: "$.code", equals: duplicate } }\n        action: ignore',
      "when: { status: 409 }\n        action: fail\n        code: duplicate",
    ],
  ],
  ["diff/error-rules-changed", ["equals: duplicate", "equals: twice"]],
  [
    "diff/pagination-kind-changed",
    [
      "{ type: page, page_size: 10, limit_param: size }",
      "{ type: offset, page_size: 10, limit_param: size }",
    ],
  ],
  ["diff/pagination-removed", ["    pagination: { type: page, page_size: 10, limit_param: size }\n", ""]],
  ["diff/pagination-added", ["pagination: { type: none }", "pagination: { type: link_header }"]],
  ["diff/pagination-cursor-changed", ["cursor_param: cursor", "cursor_param: after"]],
  [
    "diff/pagination-cursor-changed",
    ["cursor_param: cursor", 'cursor_param: cursor\n      more_cursors: { version: "$.version" }'],
  ],
  ["diff/pagination-size-changed", ["page_size: 10,", "page_size: 20,"]],
  [
    "diff/pagination-stop-changed",
    ["      max_pages: 20\n", '      max_pages: 20\n      has_more_path: "$.next"\n'],
  ],
  ["diff/pagination-pages-lowered", ["max_pages: 20", "max_pages: 10"]],
  ["diff/pagination-pages-raised", ["max_pages: 20", "max_pages: 30"]],
  // shared schemas
  ["diff/schema-added", ["schemas:\n", "schemas:\n  Person: { type: object }\n"]],
  // limits
  ["diff/limit-lowered", ["limit: 100\n", "limit: 50\n"]],
  ["diff/limit-raised", ["burst: 20", "burst: 30"]],
  [
    "diff/limit-added",
    [
      "rate_limits:\n",
      "rate_limits:\n  - { name: exports, scope: per_user, limit: 1, interval_seconds: 1 }\n",
    ],
  ],
  [
    "diff/limit-removed",
    ["  - scope: per_account\n    limit: 100\n    interval_seconds: 60\n    burst: 20\n", ""],
  ],
  ["diff/limit-changed", ["    burst: 20\n", "    burst: 20\n    pacing: smooth\n"]],
  ["diff/limit-text-changed", ["    burst: 20\n", "    burst: 20\n    note: By account.\n"]],
  // tools
  ["diff/tools-disabled", ["enabled: true", "enabled: false"]],
  [
    "diff/tool-removed",
    [
      "    - operation_id: create_ticket\n      mcp_tool_name: create_ticket\n      mcp_tool_description: Create a ticket.\n",
      "",
    ],
  ],
  [
    "diff/tool-added",
    [
      "  route_mappings:\n",
      "  route_mappings:\n    - { operation_id: list_people, mcp_tool_name: people, mcp_tool_description: List people. }\n",
    ],
  ],
  ["diff/tool-renamed", ["mcp_tool_name: search_tickets", "mcp_tool_name: find_tickets"]],
  [
    "diff/tool-operation-changed",
    ["- operation_id: create_ticket\n      mcp", "- operation_id: list_people\n      mcp"],
  ],
  ["diff/tool-parameter-renamed", ["status: state", "status: condition"]],
  [
    "diff/tool-description-changed",
    ["mcp_tool_description: Create a ticket.", "mcp_tool_description: Open a ticket."],
  ],
  ["diff/tool-server-renamed", ["server_name: desk-mcp", "server_name: help-mcp"]],
  [
    "diff/tool-server-description-changed",
    ["server_description: Tickets of a help desk.", "server_description: Tickets."],
  ],
];

/** Rules that need another descriptor to begin with: the edits before, and those after. */
export const casesOfTheirOwn: readonly (readonly [
  rule: string,
  before: readonly Edit[],
  after: readonly Edit[],
])[] = [
  [
    "diff/runtime-feature-dropped",
    [["language_version: 1", "language_version: 1\njsonpath: plus"]],
    [["jsonpath: plus\n", ""]],
  ],
  [
    // The list of a form: `tags=a&tags=b` against `tags[]=a&tags[]=b`.
    "diff/parameter-style-changed",
    [
      [
        "        field_type: integer\n        body_path: fields.priority\n",
        "        field_type: array\n    content_type: form\n",
      ],
    ],
    [["    content_type: form\n", "        style: deepObject\n    content_type: form\n"]],
  ],
  [
    "diff/setting-declared",
    [["https://{region}.desk", "https://{region}.{zone}"]],
    [["connection_config:\n", "connection_config:\n  - { key: zone, label: Zone }\n"]],
  ],
  [
    "diff/setting-type-widened",
    [
      ["    required: false\n    default_value: de", "    field_type: integer\n    required: false"],
      ['    pattern: "[a-z]+"\n', ""],
    ],
    [["field_type: integer\n    required: false", "field_type: number\n    required: false"]],
  ],
  [
    "diff/setting-became-optional",
    [["    required: false\n    default_value: de", ""]],
    [["label: Locale\n", "label: Locale\n    required: false\n"]],
  ],
  [
    "diff/setting-default-added",
    [["    default_value: de\n", ""]],
    [["    required: false\n", "    required: false\n    default_value: de\n"]],
  ],
  [
    "diff/credential-became-required",
    [["        label: Email\n", "        label: Email\n        required: false\n"]],
    [["        required: false\n", ""]],
  ],
  [
    "diff/credential-widened",
    [["        label: Email\n", "        label: Email\n        format: email\n"]],
    [["        format: email\n", ""]],
  ],
  [
    "diff/credential-bounds-undecided",
    [["        label: Email\n", '        label: Email\n        pattern: "[a-z]+"\n']],
    [['        pattern: "[a-z]+"\n', '        pattern: "[a-z]*"\n']],
  ],
  [
    "diff/credential-origin-removed",
    [["endpoint: /people", "endpoint: https://people.example.com/people"]],
    [["endpoint: https://people.example.com/people", "endpoint: /people"]],
  ],
  [
    "diff/chain-step-removed",
    [
      [
        "      - step_name: session\n",
        '      - step_name: hello\n        endpoint: /hello\n        extract: { greeting: "$.g" }\n        ttl_seconds: 60\n      - step_name: session\n',
      ],
    ],
    [
      [
        '      - step_name: hello\n        endpoint: /hello\n        extract: { greeting: "$.g" }\n        ttl_seconds: 60\n',
        "",
      ],
    ],
  ],
  [
    "diff/schema-removed",
    [["schemas:\n", "schemas:\n  Person: { type: object }\n"]],
    [["  Person: { type: object }\n", ""]],
  ],
  [
    "diff/schema-unused-changed",
    [["schemas:\n", "schemas:\n  Person: { type: object }\n"]],
    [["  Person: { type: object }\n", "  Person: { type: array }\n"]],
  ],
  ["diff/tools-enabled", [["enabled: true", "enabled: false"]], [["enabled: false", "enabled: true"]]],
  [
    "diff/credential-host-widened",
    [
      ["endpoint: /people", "endpoint: https://{username}.people.example.com/people"],
      [
        "    type: basic\n",
        "    type: basic\n    fields:\n      - { key: username, label: U, pattern: '[a-z]+' }\n      - { key: password, label: P, secret: true }\n",
      ],
    ],
    [[", pattern: '[a-z]+'", ""]],
  ],
  [
    "diff/oauth-grant-changed",
    [],
    [
      ["    type: oauth2_authorization_code\n", "    type: oauth2_client_credentials\n"],
      ["      authorize_url: https://auth.example.com/authorize\n", ""],
    ],
  ],
  [
    "diff/tool-order-changed",
    [],
    [
      [
        "    - operation_id: create_ticket\n      mcp_tool_name: create_ticket\n      mcp_tool_description: Create a ticket.\n",
        "",
      ],
      [
        "  route_mappings:\n",
        "  route_mappings:\n    - operation_id: create_ticket\n      mcp_tool_name: create_ticket\n      mcp_tool_description: Create a ticket.\n",
      ],
    ],
  ],
];

/** The same for a connector of an MCP server. */
export const toolCases: readonly (readonly [rule: string, ...edits: Edit[]])[] = [
  ["diff/operation-tool-changed", ["name: orders.list", "name: orders.find"]],
  ["diff/operation-tool-reviewed", ["sha256:0", "sha256:1"]],
];
