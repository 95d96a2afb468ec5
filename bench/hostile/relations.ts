/** Right descriptors of many things that speak of each other: what goes through one list for each entry of another shows. */
import { fill, type HostileCase, yaml } from "./case.ts";

const metadata = `metadata:
  name: Desk
  slug: desk
  version: 1.0.0
  description: Tickets of a help desk.
  publisher: Example
`;
const base = `${metadata}base_url: https://api.example.com\n`;
const profile = (id: string, more: string): string => `  - { profile_id: ${id}, type: api_key${more} }\n`;
const field = ", fields: [{ key: token, label: Token, secret: true }]";
const placed = ', auth_headers: { Authorization: "Bearer {token}" }';
const operation = (id: string, ref: string, more = ""): string =>
  `  - { operation_id: ${id}, endpoint: /things, method: GET, summary: List, auth_type_ref: ${ref}${more} }\n`;
const times = (count: number, piece: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => piece(index)).join("");
const step = (more: string): string =>
  `{ step_name: s, endpoint: /s, body: { a: "{a}" }, extract: { t: "$.t" }${more} }`;
const chain = (index: number): string =>
  `  - { chain_id: c${index}, description: d, initial_credentials_required: [a], steps: [${step("")}], final_credential_name: t }\n`;

export const relationCases: readonly HostileCase[] = [
  yaml("steps of unknown names", () =>
    fill(
      `${base}authentication:\n${profile("p", field + placed)}operations:\n${operation("one", "p")}credential_chains:\n  - chain_id: c\n    description: d\n    initial_credentials_required: [a]\n    final_credential_name: t\n    steps:\n`,
      (index) =>
        `      - { step_name: s${index}, endpoint: /s, body: { a: "{a} {u${index}}" }, extract: { t${index}: "$.t" } }\n`,
    ),
  ),
  yaml("settings that are all used", () => {
    const settings = times(14_000, (index) => `  - { key: k${index}, label: K, description: D }\n`);
    return fill(
      `${base}authentication:\n${profile("p", field + placed)}connection_config:\n${settings}operations:\n  - operation_id: one\n    endpoint: /things\n    method: GET\n    summary: List\n    auth_type_ref: p\n    headers:\n`,
      (index) => `      X-H${index}: "{k${index % 14_000}}"\n`,
    );
  }),
  yaml("operations that place the credential themselves", () =>
    fill(`${base}authentication:\n${profile("p", field)}operations:\n`, (index) =>
      operation(`o${index}`, "p", ', headers: { X-Key: "{token}" }'),
    ),
  ),
  yaml("header parameters beside headers", () =>
    fill(
      `${base}authentication:\n${profile("p", field + placed)}operations:\n  - operation_id: one\n    endpoint: /things\n    method: GET\n    summary: List\n    auth_type_ref: p\n    headers:\n${times(40_000, (index) => `      X-H${index}: a\n`)}    parameters:\n`,
      (index) => `      - { name: p${index}, location: header }\n`,
    ),
  ),
  yaml("a profile for each operation", () => {
    const count = 8000;
    return `${base}authentication:\n${times(count, (index) => profile(`p${index}`, field + placed))}operations:\n${times(count, (index) => operation(`o${index}`, `p${index}`))}`;
  }),
  yaml("a profile for each chain", () => {
    const count = 7000;
    return `${base}authentication:\n${times(count, (index) => `  - { profile_id: p${index}, type: bearer, credential_chain_id: c${index} }\n`)}credential_chains:\n${times(count, chain)}operations:\n${operation("one", "p0")}`;
  }),
  yaml("profiles of one chain beside many settings", () => {
    const settings = times(20_000, (index) => `  - { key: k${index} }\n`);
    return fill(
      `${base}connection_config:\n${settings}credential_chains:\n${chain(0)}operations:\n${operation("one", "p0")}authentication:\n`,
      (index) =>
        `  - { profile_id: p${index}, type: bearer, credential_chain_id: c0, fields: [{ key: a, label: A, secret: true }] }\n`,
    );
  }),
  yaml("operations at many owners", () =>
    fill(
      `${base}authentication:\n${profile("p", field + placed)}operations:\n`,
      (index) =>
        `  - { operation_id: o${index}, endpoint: "https://api.h${index}.example/x", method: GET, summary: List, auth_type_ref: p }\n`,
    ),
  ),
  yaml("hosts of one bounded setting", () =>
    fill(
      `${base}connection_config:\n  - { key: r, label: R, pattern: "[a-z]+" }\nauthentication:\n${profile("p", field + placed)}operations:\n`,
      (index) =>
        `  - { operation_id: o${index}, endpoint: "https://{r}.h${index}.example.com/x", method: GET, summary: List, auth_type_ref: p }\n`,
    ),
  ),
  yaml("a wide circle of schemas", () =>
    fill(
      `${base}authentication:\n${profile("p", field + placed)}operations:\n${operation("one", "p", ', response: { records_path: "$.a.a.a" }, response_schema: { $ref: "#/schemas/S0" }')}schemas:\n`,
      (index) =>
        `  S${index}: { anyOf: [{ $ref: "#/schemas/S${(index * 7 + 1) % 20_000}" }, { $ref: "#/schemas/S${(index * 13 + 5) % 20_000}" }] }\n`,
    ),
  ),
  yaml("tools of all operations", () => {
    const count = 8000;
    return `${base}authentication:\n${profile("p", field + placed)}operations:\n${times(count, (index) => operation(`o${index}`, "p", ", parameters: [{ name: a, location: query }]"))}mcp_config:\n  enabled: true\n  server_name: a\n  server_description: b\n  route_mappings:\n${times(count, (index) => `    - { operation_id: o${index}, mcp_tool_name: tool_${index}, mcp_tool_description: T, parameter_mappings: { b: a } }\n`)}`;
  }),
  yaml("one operation of many path parameters", () => {
    const count = 20_000;
    return `${base}authentication:\n${profile("p", field + placed)}operations:\n  - operation_id: one\n    method: GET\n    summary: List\n    auth_type_ref: p\n    endpoint: "${times(count, (index) => `/{p${index}}`)}"\n    parameters:\n${times(count, (index) => `      - { name: p${index}, location: path, description: D }\n`)}`;
  }),
];
