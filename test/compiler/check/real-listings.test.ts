import { expect, test } from "vitest";
import { findings, listing } from "./listing.ts";

/** Listings as well-known APIs have them, with the schemas that one would write: none has a finding. */
const listings: readonly (readonly [api: string, operation: string, rest?: string])[] = [
  [
    "Slack",
    `endpoint: /conversations.list
parameters:
  - { name: limit, location: query, field_type: integer, schema: { minimum: 1, maximum: 1000 } }
  - { name: cursor, location: query }
response: { records_path: "$.channels" }
response_schema:
  type: object
  required: [ok]
  properties:
    ok: { type: boolean }
    error: { type: string }
    channels: { type: array, items: { type: object, properties: { id: { type: string } } } }
    response_metadata: { type: object, properties: { next_cursor: { type: string } } }
errors:
  - { when: { status: 200, json: { path: "$.ok", equals: false } }, action: fail }
pagination: { type: cursor, cursor_path: "$.response_metadata.next_cursor", cursor_param: cursor, limit_param: limit, page_size: 200, primary_key: id }`,
  ],
  [
    "Jira",
    `endpoint: /rest/api/3/project/search
response: { records_path: "$.values" }
response_schema:
  type: object
  properties:
    isLast: { type: boolean }
    maxResults: { type: integer }
    nextPage: { type: string, format: uri }
    startAt: { type: integer, format: int64 }
    total: { type: integer, format: int64 }
    values: { type: array, items: { $ref: "#/schemas/Project" } }
pagination: { type: offset, offset_param: startAt, limit_param: maxResults, page_size: 50, total_path: "$.total", stop_when: { json: { path: "$.isLast", equals: true } }, primary_key: [id, key] }`,
    `schemas:
  Project:
    type: object
    additionalProperties: false
    properties:
      id: { type: string }
      key: { type: string }
      parent: { $ref: "#/schemas/Project" }
`,
  ],
  [
    "Jira's search by POST",
    `endpoint: /rest/api/3/search/jql
method: POST
side_effecting: false
body: { jql: "{jql}" }
parameters: [{ name: jql, location: body, required: true }]
response: { records_path: "$.issues" }
response_schema:
  type: object
  properties:
    issues: { type: array, items: { type: object } }
    nextPageToken: { type: string }
pagination: { type: cursor, cursor_path: "$.nextPageToken", cursor_param: nextPageToken, cursor_location: body }`,
  ],
  [
    "GitHub",
    `endpoint: /user/repos
parameters:
  - { name: per_page, location: query, field_type: integer, default_value: 30, schema: { minimum: 1, maximum: 100 } }
  - { name: page, location: query, field_type: integer, default_value: 1 }
response_schema:
  type: array
  items: { type: object, required: [id], properties: { id: { type: integer, format: int64 } } }
pagination: { type: link_header, limit_param: per_page, page_size: 100, primary_key: id }`,
    "rate_limits:\n  - { scope: per_token, limit: 5000, interval_seconds: 3600 }\n",
  ],
  [
    "GitHub's search",
    `endpoint: /search/issues
response: { records_path: "$.items" }
response_schema:
  type: object
  required: [total_count, incomplete_results, items]
  properties:
    total_count: { type: integer }
    incomplete_results: { type: boolean }
    items: { type: array, items: { allOf: [{ $ref: "#/schemas/Issue" }, { properties: { score: { type: number } } }] } }
pagination: { type: page, limit_param: per_page, page_size: 100, total_path: "$.total_count", max_pages: 10, primary_key: id }`,
    "schemas:\n  Issue: { type: object, properties: { id: { type: integer }, node_id: { type: string } } }\n",
  ],
  [
    "Stripe",
    `endpoint: /v1/charges
parameters:
  - { name: limit, location: query, field_type: integer, schema: { minimum: 1, maximum: 100 } }
  - { name: starting_after, location: query }
response: { records_path: "$.data" }
response_schema:
  type: object
  properties:
    object: { const: list }
    has_more: { type: boolean }
    url: { type: string }
    data: { type: array, items: { type: object, required: [id], properties: { id: { type: string } } } }
pagination: { type: cursor, cursor_from_record: id, cursor_param: starting_after, has_more_path: "$.has_more", limit_param: limit, page_size: 100 }`,
  ],
  [
    "Salesforce",
    `endpoint: /services/data/v60.0/query
parameters: [{ name: q, location: query, required: true }]
response: { records_path: "$.records" }
response_schema:
  type: object
  properties:
    done: { type: boolean }
    totalSize: { type: integer }
    nextRecordsUrl: { type: string }
    records: { type: array, items: { type: object, properties: { attributes: { type: object } }, additionalProperties: true } }
pagination: { type: cursor, next_url_path: "$.nextRecordsUrl", stop_when: { json: { path: "$.done", equals: true } }, primary_key: Id }`,
  ],
  [
    "Microsoft Graph",
    `endpoint: /v1.0/users
response: { records_path: "$.value" }
response_schema:
  type: object
  properties:
    "@odata.context": { type: string }
    "@odata.nextLink": { type: string, format: uri }
    value: { type: array, items: { type: object, properties: { id: { type: string } } } }
pagination: { type: cursor, next_url_path: "$['@odata.nextLink']", limit_param: $top, page_size: 100, primary_key: id }`,
  ],
  [
    "Zendesk",
    `endpoint: /api/v2/tickets
response: { records_path: "$.tickets" }
response_schema:
  type: object
  properties:
    tickets: { type: array, items: { type: object, properties: { id: { type: integer } } } }
    meta: { type: object, properties: { has_more: { type: boolean }, after_cursor: { type: [string, "null"] } } }
    links: { type: object, properties: { next: { type: [string, "null"] } } }
pagination: { type: cursor, cursor_path: "$.meta.after_cursor", cursor_param: "page[after]", has_more_path: "$.meta.has_more", limit_param: "page[size]", page_size: 100 }`,
  ],
  [
    "HubSpot, whose last page has no paging at all",
    `endpoint: /crm/v3/objects/contacts
response: { records_path: "$.results" }
response_schema:
  type: object
  required: [results]
  properties:
    results: { type: array, items: { type: object, properties: { id: { type: string } } } }
    paging:
      anyOf:
        - { type: "null" }
        - { type: object, properties: { next: { type: object, properties: { after: { type: string }, link: { type: string } } } } }
pagination: { type: cursor, cursor_path: "$.paging.next.after", cursor_param: after, limit_param: limit, page_size: 100 }`,
  ],
  [
    "Shopify",
    `endpoint: /admin/api/2024-01/products.json
response: { records_path: "$.products" }
response_schema: { type: object, properties: { products: { type: array, items: { type: object } } } }
pagination: { type: link_header, limit_param: limit, page_size: 250, primary_key: id }`,
    "rate_limits:\n  - { scope: per_account, limit: 2, interval_seconds: 1, burst: 38 }\n",
  ],
  [
    "Elasticsearch",
    `endpoint: /index/_search
method: POST
side_effecting: false
parameters: [{ name: query, location: body, field_type: object }]
body: { query: "{query}", size: 500, sort: [{ id: asc }] }
response: { records_path: "$.hits.hits" }
response_schema:
  type: object
  properties:
    hits:
      type: object
      properties:
        total: { type: object, properties: { value: { type: integer } } }
        hits:
          type: array
          items: { type: object, properties: { _id: { type: string }, sort: { type: array, items: { type: [string, number] } } } }
pagination: { type: cursor, cursor_from_record: "$.sort[0]", cursor_param: search_after, cursor_location: body, primary_key: _id, page_size: 500, stop_on_short_page: true }`,
  ],
  [
    "SCIM, which counts from 1",
    `endpoint: /scim/v2/Users
parameters: [{ name: startIndex, location: query, field_type: integer, default_value: 1, schema: { minimum: 1 } }]
response: { records_path: "$.Resources" }
response_schema:
  type: object
  properties: { totalResults: { type: integer }, Resources: { type: array, items: { type: object } } }
pagination: { type: offset, offset_param: startIndex, limit_param: count, page_size: 100, total_path: "$.totalResults" }`,
  ],
  [
    "GraphQL edges",
    `endpoint: /graphql
method: POST
side_effecting: false
parameters: [{ name: after, location: body, body_path: variables.after }]
body: { query: { $raw: "query($after: String) { issues(after: $after) { edges { node { id } } } }" }, variables: { after: "{after}" } }
response: { records_path: "$.data.issues.edges[*].node" }
response_schema:
  type: object
  properties:
    errors: { type: array }
    data:
      type: [object, "null"]
      properties:
        issues:
          type: object
          properties:
            edges: { type: array, items: { type: object, properties: { node: { type: object, properties: { id: { type: string } } } } } }
            pageInfo: { type: object, properties: { hasNextPage: { type: boolean }, endCursor: { type: [string, "null"] } } }
pagination: { type: cursor, cursor_path: "$.data.issues.pageInfo.endCursor", has_more_path: "$.data.issues.pageInfo.hasNextPage", cursor_param: after, primary_key: id }`,
  ],
  [
    "a map of records by id",
    `endpoint: /items
response: { records_path: "$.items.*" }
response_schema:
  type: object
  properties:
    items: { type: object, additionalProperties: { type: object, properties: { id: { type: string } } } }
    next: { type: [integer, "null"] }
pagination: { type: cursor, cursor_path: "$.next", cursor_param: after, primary_key: id }`,
  ],
  [
    "an envelope of either kind",
    `endpoint: /items
response: { records_path: "$.data" }
response_schema:
  oneOf:
    - { type: object, required: [data], properties: { data: { type: array, items: { type: object } }, cursor: { type: string } }, additionalProperties: false }
    - { type: object, required: [error], properties: { error: { type: string } }, additionalProperties: false }
pagination: { type: cursor, cursor_path: "$.cursor", cursor_param: cursor }`,
  ],
  [
    "pages whose end is a 404",
    `endpoint: /items
errors: [{ when: { status: 404 }, action: ignore }]
pagination: { type: page, limit_param: size, page_size: 50, stop_when: { status: 404 } }`,
  ],
  [
    "a size that stands in the query for good",
    `endpoint: /items
query: { per_page: 100 }
pagination: { type: page, page_size: 100 }`,
  ],
  [
    "one record under a default of pages",
    `endpoint: /me
response_schema: { type: object, properties: { id: { type: string } } }`,
    `defaults:
  pagination: { type: cursor, cursor_path: "$.next", cursor_param: cursor }
`,
  ],
];

for (const [api, operation, rest] of listings)
  test(`${api}: nothing to find`, async () => {
    expect(await findings(listing(operation, rest))).toEqual([]);
  });
