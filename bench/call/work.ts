/** What every contestant asks for, and what it gets. */

/** The secret that goes into the `authorization` header. */
export const token = "3f9d1c0b7a6e4f2d8c5b";

/** Parameters of the call; raw clients get them encoded and ready. */
export const parameters = { project: "core api", issue: "CORE-1042", fields: "title,labels", limit: 50 };

export const target = "/api/3/projects/core%20api/issues/CORE-1042?fields=title%2Clabels&limit=50";

/** 1 KB of JSON such as an issue tracker sends. */
export function answerBody(): string {
  const row = {
    id: 1,
    title: "The page stays blank after the login",
    user: { login: "someone", id: 7, admin: false },
    created: "2024-01-02T03:04:05Z",
    labels: ["bug", "help"],
  };
  const rows = Array.from({ length: 6 }, (_, index) => ({ ...row, id: index + 1 }));
  return JSON.stringify({ total: rows.length, issues: rows, note: "x".repeat(37) });
}

/** The descriptor of the call: an authorization header, a path template, a query, two limits with room. */
export function callDescriptor(): string {
  return `metadata:
  name: Bench Tracker
  slug: bench-tracker
  version: 1.0.0
  description: A tracker of issues that exists to be called.
  publisher: Bench Press
base_url: "{base_url}"
connection_config:
  - key: base_url
    label: Base URL
authentication:
  - type: bearer
rate_limits:
  - scope: per_account
    limit: 100000000
    interval_seconds: 60
  - scope: per_user
    limit: 50000000
    interval_seconds: 10
operations:
  - operation_id: list_issues
    endpoint: "/api/3/projects/{project}/issues/{issue}"
    method: GET
    summary: List issues
    auth_type_ref: bearer
    parameters:
      - { name: project, location: path, field_type: string, required: true }
      - { name: issue, location: path, field_type: string, required: true }
      - { name: fields, location: query, field_type: string }
      - { name: limit, location: query, field_type: integer, default_value: 50 }
    response_schema:
      type: object
      required: [issues, total]
      properties:
        total: { type: integer }
        note: { type: string }
        issues:
          type: array
          items:
            type: object
            required: [id, title]
            properties:
              id: { type: integer }
              title: { type: string, maxLength: 200 }
              created: { type: string, format: date-time }
              labels: { type: array, items: { type: string } }
              user:
                type: object
                required: [login]
                properties:
                  login: { type: string }
                  id: { type: integer }
                  admin: { type: boolean }
`;
}
