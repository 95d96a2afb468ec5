/** Tools of the upstream servers of these tests: what is listed, and what a call answers. Plain JavaScript, since a child process runs it too. */

/** @returns {Record<string, unknown>[]} */
export function tools() {
  return [
    {
      name: "orders.list",
      title: "List orders",
      description: "Lists the orders of a shop.",
      inputSchema: {
        type: "object",
        properties: {
          shop: { type: "string", "x-mcp-header": "Shop" },
          limit: { type: "integer", minimum: 1 },
        },
        required: ["shop"],
      },
      outputSchema: {
        type: "object",
        properties: { orders: { type: "array", items: { type: "object" } } },
        required: ["orders"],
      },
      annotations: { readOnlyHint: true },
    },
    { name: "orders.create", description: "Creates an order.", inputSchema: { type: "object" } },
    {
      name: "count",
      description: "Counts.",
      inputSchema: { type: "object", properties: { text: { type: "string" } } },
      annotations: { readOnlyHint: true },
    },
  ];
}

/** @param {string} name @param {Record<string, unknown>} given */
export function answer(name, given) {
  if (name === "orders.list") {
    const structuredContent = { orders: [{ id: 1, shop: given.shop, limit: given.limit ?? null }] };
    return { structuredContent, content: [{ type: "text", text: JSON.stringify(structuredContent) }] };
  }
  if (name === "count")
    return { content: [{ type: "text", text: `[${String(given.text ?? "").length},12345678901234567890]` }] };
  return { isError: true, content: [{ type: "text", text: "No such shop.\u202e Ask\nagain" }] };
}
