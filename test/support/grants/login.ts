import type { Connector } from "../../../schema/ir.ts";
import { irOf } from "../line.ts";

/** An API whose login several processes share. */
export function sharedLogin(): Promise<Connector> {
  return irOf(`metadata: { name: Test API, slug: test-api, description: An API for tests., publisher: Tests }
base_url: https://api.example.com
authentication:
  - type: oauth2_authorization_code
    oauth: { authorize_url: https://api.example.com/authorize, token_url: https://api.example.com/token }
operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: oauth2_authorization_code }]
`);
}

/** An API whose client asks for tokens in its own name, in several processes. */
export function sharedClient(): Promise<Connector> {
  return irOf(`metadata: { name: Test API, slug: test-api, description: An API for tests., publisher: Tests }
base_url: https://api.example.com
authentication:
  - type: oauth2_client_credentials
    oauth: { token_url: https://api.example.com/token }
operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: oauth2_client_credentials }]
`);
}
