/** Two long lists that meet: what makes something of each pair, or goes through one list for each of the other, shows. */
import { fill, type HostileCase, json, yaml } from "./case.ts";

const base = `metadata:
  name: Desk
  slug: desk
  version: 1.0.0
  description: Tickets of a help desk.
  publisher: Example
base_url: https://api.example.com
`;
const authentication = `authentication:
  - { profile_id: p, type: api_key, fields: [{ key: token, label: Token, secret: true }], auth_headers: { Authorization: "Bearer {token}" } }
`;
const operation = (id: string, more = ""): string =>
  `  - { operation_id: ${id}, endpoint: /things, method: GET, summary: List, auth_type_ref: p${more} }\n`;
const times = (count: number, piece: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => piece(index)).join("");
const parameters = (count: number): string =>
  times(count, (index) => `      - { name: q${index}, location: query, description: D }\n`);
const wide = (count: number): string =>
  `${base}${authentication}operations:\n  - operation_id: one\n    endpoint: /things\n    method: GET\n    summary: List\n    auth_type_ref: p\n    parameters:\n${parameters(count)}`;
const tool = (index: number, mappings: string): string =>
  `    - { operation_id: one, mcp_tool_name: t${index}, mcp_tool_description: T, parameter_mappings: ${mappings} }\n`;
const mcp = "mcp_config:\n  enabled: true\n  server_name: a\n  server_description: b\n  route_mappings:\n";
const long = (index: number): string => `${"x".repeat(90)}${String(index).padStart(8, "0")}`;

/** Thirty letters that a number chooses; two of them have little in common. */
const mixed = (index: number): string =>
  Array.from({ length: 30 }, (_, at) =>
    String.fromCharCode(97 + (((Math.imul(index + 1, 2_654_435_761) >>> (at % 24)) + at * index) % 26)),
  ).join("");

export const productCases: readonly HostileCase[] = [
  yaml("tools of one operation of many parameters", () =>
    fill(`${wide(15_000)}${mcp}`, (index) => tool(index, `{ q${index}: a }`)),
  ),
  yaml("one tool that maps many parameters", () => {
    const count = 20_000;
    return `${wide(count)}${mcp}    - operation_id: one\n      mcp_tool_name: t\n      mcp_tool_description: T\n      parameter_mappings:\n${times(count, (index) => `        q${index}: r${index}\n`)}`;
  }),
  yaml("one tool that maps many unknown parameters", () => {
    const count = 20_000;
    return `${wide(count)}${mcp}    - operation_id: one\n      mcp_tool_name: t\n      mcp_tool_description: T\n      parameter_mappings:\n${times(count, (index) => `        z${index}: r${index}\n`)}`;
  }),
  yaml("many unknown names, each near to a thousand long ones", () =>
    fill(
      `${base}authentication:\n${times(999, (index) => `  - { profile_id: ${long(index)}, type: api_key }\n`)}operations:\n`,
      (index) => operation(`o${index}`).replace("ref: p", `ref: ${long(index + 5_000_000)}`),
    ),
  ),
  yaml("many unknown names, each unlike a thousand others", () =>
    fill(
      `${base}authentication:\n${times(999, (index) => `  - { profile_id: ${mixed(index)}, type: api_key }\n`)}operations:\n`,
      (index) => operation(`o${index}`).replace("ref: p", `ref: ${mixed(index + 1000)}`),
    ),
  ),
  yaml("hosts that answers choose", () =>
    fill(
      `${base}authentication:\n  - { profile_id: p, type: bearer, credential_chain_id: c }\ncredential_chains:\n  - { chain_id: c, description: d, initial_credentials_required: [a], final_credential_name: t, steps: [{ step_name: s, endpoint: /s, body: { a: "{a}" }, extract: { t: "$.t", h: "$.h" } }] }\noperations:\n`,
      (index) => operation(`o${index}`).replace("/things", '"https://{h}.example.com/x"'),
    ),
  ),
  yaml("chains that need their own token", () =>
    fill(
      `${base}${authentication}operations:\n${operation("one")}credential_chains:\n`,
      (index) =>
        `  - { chain_id: c${index}, description: d, initial_credentials_required: [a], final_credential_name: t, steps: [{ step_name: s, endpoint: "/s/{access_token}", extract: { t: "$.t" } }] }\n`,
    ),
  ),
  yaml("ignore comments", () =>
    fill(
      `${base}${authentication}operations:\n`,
      (index) => `  # connector-ignore operation/method-verb: reason ${index}\n${operation(`o${index}`)}`,
    ),
  ),
  yaml("one operation under many ignore comments", () =>
    fill(
      `${base}${authentication}operations:\n`,
      (index) => `  # connector-ignore operation/method-verb: reason ${index}\n`,
      operation("one"),
    ),
  ),
  yaml("one block scalar", () =>
    fill(
      `${base}${authentication}operations:\n${operation("one")}x-notes: |\n`,
      () => "  {token} and ${more} and %this%\n",
    ),
  ),
  json("mistakes in one line", () =>
    fill(
      `{"metadata":{"name":"Desk","slug":"desk","version":"1.0.0","description":"Tickets of a help desk.","publisher":"Example"},"base_url":"https://api.example.com","authentication":[{"profile_id":"p","type":"none"}],"operations":[{"operation_id":"o"}`,
      (index) => `,{"operation_id":"o${index}","metod":"GET"}`,
      "]}",
    ),
  ),
  yaml("enumerations of equal values", () =>
    fill(
      `${base}${authentication}operations:\n${operation("one", ", parameters: [{ name: a, location: query, enum: [x, x] }]")}schemas:\n  A:\n    enum:\n`,
      (index) => `      - { a: ${index % 50}, b: [1, 2] }\n`,
    ),
  ),
];
