/** A descriptor of any number of operations, like those that importers make of large APIs. */
const operationsPerSchema = 4;

/** JSON: four parameters, a path, a body or pages, and an answer of shared schemas, which refer to each other. */
export function largeDescriptor(operations: number): string {
  const shared = Math.ceil(operations / operationsPerSchema);
  return JSON.stringify({
    metadata: {
      name: "Large API",
      slug: "large-api",
      version: "1.0.0",
      description: "An API of many operations.",
      publisher: "Bench Press",
    },
    base_url: "https://api.example.net",
    authentication: [
      { type: "bearer", fields: [{ key: "token", label: "Token", field_type: "secret", secret: true }] },
    ],
    schemas: Object.fromEntries(
      Array.from({ length: shared }, (_, index) => [`Thing${index}`, thing(index, shared)]),
    ),
    operations: Array.from({ length: operations }, (_, index) => operation(index, shared)),
  });
}

function thing(index: number, shared: number): object {
  const fields = Array.from({ length: 10 }, (_, field) => [
    `field_${field}`,
    {
      type: ["string", "integer", "boolean"][field % 3],
      description: `What field ${field} of thing ${index} says of it.`,
    },
  ]);
  return {
    type: "object",
    required: ["id", "field_0"],
    properties: {
      id: { type: "integer", format: "int64" },
      state: { type: "string", enum: ["open", "closed", "merged"] },
      owner: { $ref: `#/schemas/Thing${(index * 7 + 1) % shared}` },
      parts: { type: "array", items: { $ref: `#/schemas/Thing${(index * 3 + 2) % shared}` } },
      nested: {
        type: ["object", "null"],
        properties: { at: { type: "string", format: "date-time" }, by: { type: "string" } },
      },
      ...Object.fromEntries(fields),
    },
  };
}

function operation(index: number, shared: number): object {
  const reference = { $ref: `#/schemas/Thing${index % shared}` };
  const writes = index % 3 === 0;
  return {
    operation_id: `${writes ? "update" : "list"}_thing_${index}`,
    method: writes ? "POST" : "GET",
    endpoint: `/things/{owner}/${index}`,
    summary: `${writes ? "Update" : "List"} the things of ${index}`,
    description: "Long enough to be like the descriptions that real documents have for their operations.",
    auth_type_ref: "bearer",
    auth_headers: { Authorization: "Bearer {token}" },
    parameters: [
      { name: "owner", location: "path", description: "Whose things." },
      { name: "state", location: "query", description: "Which ones.", schema: { enum: ["open", "closed"] } },
      { name: "since", location: "query", field_type: "datetime", description: "From when on." },
      writes
        ? { name: "thing", location: "body", field_type: "object", required: true, schema: reference }
        : { name: "size", location: "query", field_type: "integer", default_value: 30 },
    ],
    response_schema: writes ? reference : { type: "array", items: reference },
  };
}
