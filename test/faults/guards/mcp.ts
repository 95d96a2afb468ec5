/** Connectors as MCP servers. */
import type { Guard } from "../guard.ts";

export const mcpGuards: readonly Guard[] = [
  {
    name: "the signature of a cursor",
    file: "runtime/mcp/seal.ts",
    from: "if (given.length !== mac.length || !timingSafeEqual(given, mac)) return undefined;",
    to: "",
    test: "test/runtime/mcp/answers.test.ts",
    only: "a cursor is refused where it is",
  },
  {
    name: "the tenant of a cursor",
    file: "runtime/mcp/seal.ts",
    from: ".update(JSON.stringify([format, tenant, name, hash, payload]))",
    to: ".update(JSON.stringify([format, name, hash, payload]))",
    test: "test/runtime/mcp/http.test.ts",
    only: "keeps 200 interleaved calls",
  },
  {
    name: "the host that an MCP request means",
    file: "runtime/mcp/http-guard.ts",
    from: "hostHeaderValidationResponse(request, [...hosts]) ??",
    to: "",
    test: "test/runtime/mcp/http.test.ts",
    only: "refuses a foreign host",
  },
  {
    name: "the audience of an access token",
    file: "runtime/mcp/access-token.ts",
    from: "await oauth.validateJwtAccessToken(server, request, audience, {",
    to: "await oauth.validateJwtAccessToken(server, request, String(JSON.parse(atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'))).aud), {",
    test: "test/runtime/mcp/http.test.ts",
    only: "takes a token that is meant for it",
  },
  {
    name: "the gate before writes",
    file: "runtime/gate/call-through-gate.ts",
    from: "if (!side_effecting) return",
    to: "if (0 < 1) return",
    test: "test/runtime/mcp/control.test.ts",
    only: "a tool that changes something",
  },
  {
    name: "the bytes of an MCP answer",
    file: "runtime/mcp/read-records.ts",
    from: "if (size <= this.#left) {",
    to: "if (0 < 1) {",
    test: "test/runtime/mcp/answers.test.ts",
    only: "ends where the next record would pass the cap",
  },
];
