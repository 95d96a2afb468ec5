/** Sketches of real services, each with the way of signing in that makes it special. None has a mistake. */
export const services: { readonly [name: string]: string } = {
  aws: `metadata: { name: The aws service, slug: svc-aws, description: A real service out there., publisher: Example }
connection_config: [{ key: region, enum: [us-east-1, eu-west-1] }]
authentication:
  - type: aws_sigv4
    aws_sigv4: { service: s3, region: "{region}" }
operations:
  - { operation_id: list_buckets, endpoint: "https://s3.{region}.amazonaws.com/", summary: List, auth_type_ref: aws_sigv4 }
  - { operation_id: who_am_i, endpoint: "https://sts.amazonaws.com/?Action=GetCallerIdentity", summary: Who, auth_type_ref: aws_sigv4 }
`,
  azure: `metadata: { name: The azure service, slug: svc-azure, description: A real service out there., publisher: Example }
connection_config: [{ key: tenant, format: uuid }]
base_url: https://graph.microsoft.com/v1.0
authentication: [{ type: oauth2_client_credentials, oauth: { token_url: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token", default_scopes: ["https://graph.microsoft.com/.default"] } }]
operations: [{ operation_id: users, endpoint: /users, summary: Users, auth_type_ref: oauth2_client_credentials }]
`,
  binance: `metadata: { name: The binance service, slug: svc-binance, description: A real service out there., publisher: Example }
base_url: https://api.binance.com
authentication: [{ type: api_key, fields: [{ key: api_key, label: K, field_type: secret }, { key: secret_key, label: S, field_type: secret }], auth_headers: { X-MBX-APIKEY: "{api_key}" } }]
operations: [{ operation_id: account, endpoint: "/api/v3/account?timestamp={now(unix_ms)}&signature={hex(hmac_sha256({secret_key}, 'timestamp={now(unix_ms)}'))}", summary: A, auth_type_ref: api_key }]
`,
  docusign: `metadata: { name: The docusign service, slug: svc-docusign, description: A real service out there., publisher: Example }
credential_chains:
  - chain_id: c
    description: login then account
    initial_credentials_required: [username, password]
    steps:
      - { step_name: login, endpoint: "https://account.docusign.com/login", body: { u: "{username}", p: "{password}" }, extract: { token: "$.access_token", account_id: "$.accounts[0].account_id", base_uri: "$.accounts[0].base_uri" } }
    final_credential_name: token
authentication: [{ type: api_key, credential_chain_id: c, allowed_hosts: ["*.docusign.net"] }]
operations: [{ operation_id: env, endpoint: "{base_uri}/restapi/v2.1/accounts/{chain.account_id}/envelopes", summary: A, auth_type_ref: api_key }]
`,
  github: `metadata: { name: The github service, slug: svc-github, description: A real service out there., publisher: Example }
base_url: https://api.github.com
authentication: [{ type: bearer }]
operations:
  - { operation_id: me, endpoint: /user, summary: Me, auth_type_ref: bearer }
  - { operation_id: upload, endpoint: "https://uploads.github.com/repos/{owner}/releases", method: POST, summary: Upload, auth_type_ref: bearer, parameters: [{ name: owner, location: path }] }
`,
  google: `metadata: { name: The google service, slug: svc-google, description: A real service out there., publisher: Example }
base_url: https://www.googleapis.com
authentication:
  - type: service_account
    oauth: { token_url: "https://oauth2.googleapis.com/token", default_scopes: [drive] }
  - type: oauth2_authorization_code
    oauth: { authorize_url: "https://accounts.google.com/o/oauth2/v2/auth", token_url: "https://oauth2.googleapis.com/token" }
operations:
  - { operation_id: files, endpoint: /drive/v3/files, summary: Files, auth_type_ref: [service_account, oauth2_authorization_code] }
  - { operation_id: mail, endpoint: "https://gmail.googleapis.com/gmail/v1/users/me/messages", summary: Mail, auth_type_ref: oauth2_authorization_code }
`,
  jira: `metadata: { name: The jira service, slug: svc-jira, description: A real service out there., publisher: Example }
base_url: "https://{domain}.atlassian.net/rest/api/3"
connection_config: [{ key: domain, format: subdomain }]
authentication:
  - type: api_key
    fields: [{ key: email, label: Mail }, { key: api_token, label: Token, field_type: secret }]
    auth_headers: { Authorization: "Basic {base64({email}:{api_token})}" }
    test_endpoint: { url: /myself, headers: { Authorization: "Basic {base64({email}:{api_token})}" } }
  - type: oauth2_authorization_code
    oauth: { authorize_url: "https://auth.atlassian.com/authorize", token_url: "https://auth.atlassian.com/oauth/token", scopes: [read], authorize_params: { audience: api.atlassian.com } }
operations:
  - { operation_id: me, endpoint: /myself, summary: Me, auth_type_ref: api_key }
  - { operation_id: sites, endpoint: "https://api.atlassian.com/oauth/token/accessible-resources", summary: Sites, auth_type_ref: oauth2_authorization_code }
`,
  marvel: `metadata: { name: The marvel service, slug: svc-marvel, description: A real service out there., publisher: Example }
base_url: https://gateway.marvel.com/v1
authentication: [{ type: api_key, fields: [{ key: public_key, label: K }, { key: private_key, label: S, field_type: secret }], auth_query: { ts: "{now(unix)}", apikey: "{public_key}", hash: "{hex(md5({now(unix)}{private_key}{public_key}))}" } }]
operations: [{ operation_id: heroes, endpoint: "/characters", summary: A, auth_type_ref: api_key }]
`,
  netsuite: `metadata: { name: The netsuite service, slug: svc-netsuite, description: A real service out there., publisher: Example }
connection_config: [{ key: account, pattern: "[a-z0-9-]+" }]
base_url: "https://{account}.suitetalk.api.netsuite.com/services/rest"
authentication: [{ type: oauth1, oauth1: { realm: "{account}", signature_method: HMAC-SHA256 } }]
operations: [{ operation_id: q, endpoint: /record/v1/customer, summary: List, auth_type_ref: oauth1 }]
`,
  salesforce: `metadata: { name: The salesforce service, slug: svc-salesforce, description: A real service out there., publisher: Example }
connection_config: [{ key: login_host, enum: [login.salesforce.com, test.salesforce.com], default_value: login.salesforce.com }]
authentication:
  - type: oauth2_client_credentials
    oauth: { token_url: "https://{login_host}/services/oauth2/token", extract: { instance_url: "$.instance_url" } }
    allowed_hosts: ["*.my.salesforce.com"]
operations:
  - { operation_id: query, endpoint: "{oauth.instance_url}/services/data/v59.0/query", summary: Query, auth_type_ref: oauth2_client_credentials, parameters: [{ name: q, location: query }] }
`,
  securonix: `metadata: { name: The securonix service, slug: svc-securonix, description: A real service out there., publisher: Example }
credential_chains:
  - chain_id: c
    description: two steps
    initial_credentials_required: [username, password, base_url, gateway_url]
    steps:
      - { step_name: ws, endpoint: "{base_url}/Snypr/ws/token/generate", method: GET, headers: { username: "{username}", password: "{password}" }, extract: { ws_token: "$.token" }, ttl_seconds: 31536000 }
      - { step_name: oauth, endpoint: "{gateway_url}/api/v2/oauth/token", headers: { wstoken: "{ws_token}" }, extract: { bearer_token: "$.access_token", expires_in: "$.expires_in" }, cache_key: "{username}{password}" }
    final_credential_name: bearer_token
authentication:
  - { type: api_key, credential_chain_id: c, fields: [ { key: username, label: U }, { key: password, label: P, field_type: password }, { key: base_url, label: B, format: uri }, { key: gateway_url, label: G, format: uri } ] }
operations:
  - { operation_id: incidents, endpoint: "{gateway_url}/incidents", summary: List, auth_type_ref: api_key }
  - { operation_id: other, endpoint: "{base_url}/incidents", summary: List, auth_type_ref: api_key }
`,
  shopify: `metadata: { name: The shopify service, slug: svc-shopify, description: A real service out there., publisher: Example }
connection_config: [{ key: shop, pattern: "[a-z0-9][a-z0-9-]*", example: acme }]
base_url: "https://{shop}.myshopify.com/admin/api/2024-01"
authentication: [{ type: api_key, fields: [{ key: token, label: T, field_type: secret }], auth_headers: { X-Shopify-Access-Token: "{token}" } }]
operations: [{ operation_id: me, endpoint: /shop.json, summary: Me, auth_type_ref: api_key }]
`,
  slack: `metadata: { name: The slack service, slug: svc-slack, description: A real service out there., publisher: Example }
base_url: https://slack.com/api
authentication:
  - type: bearer
    fields: [{ key: token, label: Token, field_type: secret, example: xoxb-your-token }]
  - type: oauth2_authorization_code
    oauth: { authorize_url: "https://slack.com/oauth/v2/authorize", token_url: "https://slack.com/api/oauth.v2.access", scopes: [chat:write], extract: { team_id: "$.team.id", bot_user_id: "$.bot_user_id" } }
operations:
  - { operation_id: post, endpoint: /chat.postMessage, method: POST, summary: Post, auth_type_ref: [bearer, oauth2_authorization_code], parameters: [{ name: text, location: body }] }
  - { operation_id: file, endpoint: "https://files.slack.com/files-pri/{id}", summary: File, auth_type_ref: bearer, parameters: [{ name: id, location: path }] }
  - { operation_id: team, endpoint: "/team.info?team={oauth.team_id}", summary: Team, auth_type_ref: oauth2_authorization_code }
`,
  stripe: `metadata: { name: The stripe service, slug: svc-stripe, description: A real service out there., publisher: Example }
base_url: https://api.stripe.com/v1
authentication:
  - type: basic
    fields: [{ key: secret_key, label: Key, field_type: secret, example: sk_test_your_key_here }]
    auth_headers: { Authorization: "Bearer {secret_key}" }
operations:
  - operation_id: create_intent
    endpoint: /payment_intents
    method: POST
    summary: Pay
    auth_type_ref: basic
    content_type: form
    parameters: [{ name: amount, location: body, field_type: integer }]
    response_schema: { type: object, properties: { id: { type: string }, client_secret: { type: string } } }
  - { operation_id: upload, endpoint: "https://files.stripe.com/v1/files", method: POST, summary: Upload, auth_type_ref: basic }
`,
  telegram: `metadata: { name: The telegram service, slug: svc-telegram, description: A real service out there., publisher: Example }
base_url: "https://api.telegram.org/bot{token}"
authentication: [{ type: api_key, fields: [{ key: token, label: T, field_type: secret }], auth_headers: { X-Unused: "{token}" } }]
operations: [{ operation_id: me, endpoint: /getMe, summary: Me, auth_type_ref: api_key }, { operation_id: send, endpoint: /sendMessage, method: POST, summary: Send, auth_type_ref: api_key }]
`,
  twilio: `metadata: { name: The twilio service, slug: svc-twilio, description: A real service out there., publisher: Example }
base_url: "https://api.twilio.com/2010-04-01/Accounts/{account_sid}"
authentication: [{ type: basic, fields: [{ key: account_sid, label: Sid }, { key: auth_token, label: T, field_type: secret }], auth_headers: { Authorization: "Basic {base64({account_sid}:{auth_token})}" } }]
operations: [{ operation_id: send, endpoint: /Messages.json, method: POST, content_type: form, summary: Send, auth_type_ref: basic, parameters: [{ name: To, location: body }] }, { operation_id: verify, endpoint: "https://verify.twilio.com/v2/Services", summary: V, auth_type_ref: basic }]
`,
};
