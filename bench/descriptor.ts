/** The descriptor that start-up is measured with, and that the build warms the code cache with. */
/** A descriptor of some 300 lines with five operations, each with parameters, paging and a response schema. */
export function benchDescriptor(): string {
  const names = ["issues", "projects", "users", "boards", "sprints"];
  return `metadata:
  name: Bench Tracker
  slug: bench-tracker
  version: 1.0.0
  description: A tracker of issues that exists to be validated.
  publisher: Bench Press
connection_config:
  - key: domain
    label: Domain
    pattern: "^[a-z0-9-]+$"
authentication:
  - type: api_key
    fields:
      - key: email
        label: Email
      - key: api_token
        label: API token
        field_type: secret
        secret: true
rate_limits:
  - scope: per_account
    limit: 100
    interval_seconds: 60
operations:
${names.map(operationText).join("")}`;
}

function operationText(name: string): string {
  const properties = Array.from(
    { length: 9 },
    (_, index) => `              field_${index}:
                type: ${["string", "integer", "boolean"][index % 3]}
                description: Field ${index} of one of the ${name}.`,
  ).join("\n");
  return `  - operation_id: list_${name}
    endpoint: "https://{domain}.example.net/api/3/${name}"
    method: GET
    summary: List ${name}
    auth_type_ref: api_key
    auth_headers:
      Authorization: "Basic {base64({email}:{api_token})}"
    parameters:
      - name: filter
        location: query
        description: Which ${name} to list
        field_type: string
      - name: limit
        location: query
        field_type: integer
        default_value: 50
    pagination:
      type: offset
      offset_param: startAt
      limit_param: limit
    response:
      records_path: "$.${name}"
    response_schema:
      type: object
      required: [${name}, total]
      properties:
        total:
          type: integer
        ${name}:
          type: array
          items:
            type: object
            properties:
${properties}
`;
}
