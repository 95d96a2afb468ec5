/** Descriptors that are hard on the phases after the parser: many names, many mistakes, many references. */
import { fill, type HostileCase, json, yaml } from "./case.ts";

const metadata = `metadata:
  name: Desk
  slug: desk
  version: 1.0.0
  description: Tickets of a help desk.
  publisher: Example
`;
const authentication = `authentication:
  - type: api_key
    fields: [{ key: token, label: Token, secret: true }]
    auth_headers: { Authorization: "Bearer {token}" }
`;
const base = `${metadata}base_url: https://api.example.com\n`;
const whole = `${base}${authentication}`;
const operation = (index: number | string, more: string): string =>
  `  - operation_id: op_${index}\n    endpoint: /things/${index}\n    method: GET\n    summary: List\n    auth_type_ref: api_key\n${more}`;
const operations = (title: string, more: (index: number) => string, head = whole): HostileCase =>
  yaml(title, () => fill(`${head}operations:\n`, (index) => operation(index, more(index))));
const oneOperation = (
  title: string,
  head: string,
  piece: (index: number) => string,
  tail = "",
): HostileCase => yaml(title, () => fill(`${whole}operations:\n${operation("one", head)}`, piece, tail));

/** Exponential for an engine that backtracks, with as many twins as fit. */
const evil = "^(a+)+(a|aa)*(a|a)*$";

/** Every place of the language that is a map of author's names, or takes any JSON. */
const maps: readonly (readonly [title: string, head: string, indent: string])[] = [
  ["the root", "", ""],
  ["metadata", "metadata:\n", "  "],
  ["a profile", `${metadata}authentication:\n  - type: api_key\n`, "    "],
  ["auth_headers", `${metadata}authentication:\n  - type: api_key\n    auth_headers:\n`, "      "],
  ["schemas", "schemas:\n", "  "],
  ["defaults.headers", "defaults:\n  headers:\n", "    "],
  ["an operation", "operations:\n  - operation_id: a\n", "    "],
  ["operation headers", "operations:\n  - operation_id: a\n    headers:\n", "      "],
  ["an operation's body", "operations:\n  - operation_id: a\n    body:\n", "      "],
  ["a response schema", "operations:\n  - operation_id: a\n    response_schema:\n", "      "],
  [
    "schema properties",
    "operations:\n  - operation_id: a\n    response_schema:\n      properties:\n",
    "        ",
  ],
  ["pagination", "operations:\n  - operation_id: a\n    pagination:\n      type: cursor\n", "      "],
  ["a default value", "operations:\n  - parameters:\n    - default_value:\n", "        "],
  ["extracts", "credential_chains:\n  - steps:\n    - extract:\n", "        "],
  ["parameter_mappings", "mcp_config:\n  route_mappings:\n  - parameter_mappings:\n", "      "],
  ["extensions", "x-notes:\n", "  "],
];

const patternPlaces: readonly (readonly [title: string, text: string])[] = [
  [
    "a setting",
    `connection_config:\n  - { key: region, pattern: "${evil}", example: "${"a".repeat(400)}!", default_value: "${"a".repeat(400)}!" }\n`,
  ],
  ["a schema", `schemas:\n  A: { type: string, pattern: "${evil}", default: "${"a".repeat(400)}!" }\n`],
  [
    "a parameter",
    `${whole}operations:\n${operation("one", `    parameters:\n      - { name: a, location: query, schema: { pattern: "${evil}" }, default_value: "${"a".repeat(4000)}!", example: "${"a".repeat(150)}!" }\n`)}`,
  ],
  [
    "pattern properties",
    `${whole}operations:\n${operation("one", `    parameters:\n      - { name: a, location: body, field_type: object, schema: { patternProperties: { "${evil}": { type: string } } }, default_value: { "${"a".repeat(4000)}!": 1 } }\n`)}`,
  ],
  [
    "a matcher",
    `${whole}operations:\n${operation("one", `    errors:\n      - { when: { json: { path: "$.a", matches: "${evil}" } }, action: fail }\n`)}`,
  ],
  [
    "a JSONPath filter",
    `${whole}operations:\n${operation("one", `    response: { records_path: "$.a[?match(@.b, '${evil}')]" }\n`)}`,
  ],
];

export const descriptorCases: readonly HostileCase[] = [
  ...maps.map(([title, head, indent]) =>
    yaml(`16,000 keys in ${title}`, () =>
      fill(head, (index) => (index < 16_000 ? `${indent}key_${index}: v\n` : "#".repeat(16))),
    ),
  ),
  ...maps.map(([title, head, indent]) =>
    yaml(`2 MiB of maps in ${title}`, () => fill(head, (index) => `${indent}k${index}: { a: [b] }\n`)),
  ),
  ...patternPlaces.map(([title, text]) => yaml(`a pattern that explodes in ${title}`, () => text)),
  yaml("many patterns that explode", () =>
    fill(
      `${whole}connection_config:\n`,
      (index) => `  - { key: k${index}, pattern: "${evil}", default_value: "${"a".repeat(50)}!" }\n`,
    ),
  ),
  yaml("one pattern of 2 MiB", () =>
    fill('connection_config:\n  - key: a\n    pattern: "', () => "(a|b)*", '"\n'),
  ),
  yaml(
    "one pattern of 100,000 groups",
    () => `connection_config:\n  - key: a\n    pattern: "${"(".repeat(100_000)}${")".repeat(100_000)}"\n`,
  ),
  operations("right operations", () => ""),
  operations("faulty operations", () => "    metod: GET\n    hedders: 1\n    parameters: nope\n"),
  yaml("operations of an unknown key each", () =>
    fill(`${whole}operations:\n`, (index) => `  - unknown_${index}: ${index}\n`),
  ),
  yaml("operations that are numbers", () => fill(`${whole}operations:\n`, () => "  - 1\n")),
  yaml("empty operations", () => fill(`${whole}operations:\n`, () => "  - {}\n")),
  yaml("operations of one id", () => fill(`${whole}operations:\n`, () => operation(1, ""))),
  operations(
    "unknown profiles",
    (index) => `    rate_limit_scope: scope_${index}\n`,
    `${base}authentication: [{ type: basic }]\n`,
  ),
  operations("unknown names in URLs", (index) => `    headers: { X-A: "{nme_${index}} {tokn_${index}}" }\n`),
  operations("unknown schemas", (index) => `    response_schema: { $ref: "#/schemas/Thing${index}" }\n`),
  yaml("unknown schemas beside many known ones", () =>
    fill(
      `${whole}schemas:\n${Array.from({ length: 16_000 }, (_, index) => `  Thing_${index}: {}\n`).join("")}operations:\n`,
      (index) => operation(index, `    response_schema: { $ref: "#/schemas/Thingg_${index}" }\n`),
    ),
  ),
  yaml("unknown fields beside many known ones", () =>
    fill(
      `${base}authentication:\n  - type: api_key\n    fields:\n${Array.from({ length: 8000 }, (_, index) => `      - { key: token_${index}, label: T }\n`).join("")}operations:\n`,
      (index) => operation(index, `    auth_headers: { X-A: "{tokn_${index}}" }\n`),
    ),
  ),
  yaml("unknown limits beside many known ones", () =>
    fill(
      `${whole}rate_limits:\n${Array.from({ length: 8000 }, (_, index) => `  - { name: reads_${index}, scope: per_user, limit: 1, interval_seconds: ${index + 1} }\n`).join("")}operations:\n`,
      (index) => operation(index, `    rate_limit_scope: redas_${index}\n`),
    ),
  ),
  yaml("tools of unknown operations", () =>
    fill(
      `${whole}operations:\n${Array.from({ length: 5000 }, (_, index) => operation(index, "")).join("")}mcp_config:\n  enabled: true\n  server_name: a\n  server_description: b\n  route_mappings:\n`,
      (index) =>
        `    - { operation_id: opp_${index}, mcp_tool_name: tool_${index}, mcp_tool_description: T }\n`,
    ),
  ),
  oneOperation("many templates", "    headers:\n", (index) => `      X-H${index}: "a {token} b"\n`),
  oneOperation("one template of many holes", '    headers:\n      X-A: "', () => "{token}", '"\n'),
  oneOperation(
    "one template of many unknown holes",
    '    headers:\n      X-A: "',
    (index) => `{n${index}}`,
    '"\n',
  ),
  oneOperation("one template of many opened braces", '    headers:\n      X-A: "', () => "{", '"\n'),
  oneOperation("one template of many calls", '    headers:\n      X-A: "', () => "{base64(", '"\n'),
  oneOperation(
    "templates of deep calls",
    "    headers:\n",
    (index) => `      X-H${index}: "${"{base64(".repeat(50)}a${")}".repeat(50)}"\n`,
  ),
  oneOperation(
    "parameters",
    "    parameters:\n",
    (index) => `      - { name: p${index}, location: query }\n`,
  ),
  oneOperation("parameters of one name", "    parameters:\n", () => "      - { name: p, location: query }\n"),
  oneOperation(
    "faulty parameters",
    "    parameters:\n",
    (index) => `      - { nmae: p${index}, locatoin: qery }\n`,
  ),
  oneOperation(
    "path parameters",
    "    parameters:\n",
    (index) => `      - { name: p${index}, location: path }\n`,
  ),
  oneOperation(
    "defaults of a wrong type",
    "    parameters:\n",
    (index) => `      - { name: p${index}, location: query, field_type: integer, default_value: x }\n`,
  ),
  oneOperation(
    "defaults against schemas",
    "    parameters:\n",
    (index) => `      - { name: p${index}, location: query, schema: { enum: [a, b] }, default_value: c }\n`,
  ),
  oneOperation(
    "headers of one name",
    "    headers:\n",
    (index) =>
      `      ${"x-A".replace("A", index.toString(2).replaceAll("0", "a").replaceAll("1", "A"))}: b\n`,
  ),
  oneOperation(
    "error rules",
    "    errors:\n",
    (index) => `      - { when: { json: { path: "$.a[${index}]", equals: 1 } }, action: fail }\n`,
  ),
  oneOperation(
    "JSONPaths with filters",
    "    errors:\n",
    (index) =>
      `      - { when: { json: { path: "$..a[?@.b == ${index} || @.c]", equals: 1 } }, action: fail }\n`,
  ),
  oneOperation(
    "broken JSONPaths",
    "    errors:\n",
    (index) => `      - { when: { json: { path: "$.a[${index}", equals: 1 } }, action: fail }\n`,
  ),
  oneOperation(
    "one JSONPath of many steps",
    '    response:\n      records_path: "$',
    () => "..a[?@.b]",
    '"\n',
  ),
  oneOperation("one JSONPath of many brackets", '    response:\n      records_path: "$', () => "[?(", '"\n'),
  oneOperation("a long profile list", "    auth_type_ref:\n", (index) => `      - profile_${index}\n`),
  yaml("a chain of references", () =>
    fill(
      `${whole}schemas:\n`,
      (index) => `  S${index}: { $ref: "#/schemas/S${index + 1}" }\n`,
      `operations:\n${operation("one", '    response_schema: { $ref: "#/schemas/S0" }\n')}`,
    ),
  ),
  yaml("references of everything to everything", () =>
    fill(
      `${whole}schemas:\n`,
      (index) =>
        `  S${index}: { oneOf: [${Array.from({ length: 40 }, (_, other) => `{ $ref: "#/schemas/S${(index * 7 + other * 13) % 1000}" }`).join(", ")}] }\n`,
      `operations:\n${operation("one", '    response_schema: { $ref: "#/schemas/S0" }\n')}`,
    ),
  ),
  yaml("one schema used by every operation", () =>
    fill(
      `${whole}schemas:\n${Array.from({ length: 2000 }, (_, index) => `  S${index}: { properties: { a: { $ref: "#/schemas/S${index + 1}" } } }\n`).join("")}  S2000: {}\noperations:\n`,
      (index) => operation(index, '    response_schema: { $ref: "#/schemas/S0" }\n'),
    ),
  ),
  oneOperation(
    "a schema of a large enum",
    "    response_schema:\n      enum:\n",
    (index) => `        - value_${index}\n`,
  ),
  oneOperation(
    "a schema of an enum of twins",
    "    response_schema:\n      enum:\n",
    () => "        - value\n",
  ),
  oneOperation(
    "a schema of maps in an enum",
    "    response_schema:\n      enum:\n",
    (index) => `        - { a: ${index} }\n`,
  ),
  oneOperation(
    "a schema of many alternatives",
    "    response_schema:\n      oneOf:\n",
    (index) => `        - { type: string, maxLength: ${index} }\n`,
  ),
  oneOperation(
    "a schema of many mistakes",
    "    response_schema:\n      oneOf:\n",
    () => "        - { type: strin, maxLenght: x }\n",
  ),
  oneOperation(
    "a schema of many required keys",
    "    response_schema:\n      required:\n",
    (index) => `        - key_${index}\n`,
  ),
  oneOperation(
    "a schema of many unknown references",
    "    response_schema:\n      oneOf:\n",
    (index) => `        - { $ref: "#/schemas/T${index}" }\n`,
  ),
  yaml("profiles by operations", () => {
    const many = Array.from(
      { length: 4000 },
      (_, index) =>
        `  - { profile_id: p${index}, type: api_key, fields: [{ key: token, label: T }], auth_headers: { X-A: "{token}" } }\n`,
    );
    return fill(`${base}authentication:\n${many.join("")}operations:\n`, (index) =>
      operation(index, "    parameters: [{ name: a, location: query }]\n"),
    );
  }),
  yaml("every profile in every operation", () => {
    const ids = Array.from({ length: 100 }, (_, index) => `p${index}`);
    const many = ids.map(
      (id) =>
        `  - { profile_id: ${id}, type: api_key, fields: [{ key: token, label: T }], auth_headers: { X-A: "{token}" } }\n`,
    );
    return fill(
      `${base}authentication:\n${many.join("")}operations:\n`,
      (index) =>
        `  - { operation_id: o${index}, endpoint: /a, method: GET, summary: a, auth_type_ref: [${ids.join(",")}] }\n`,
    );
  }),
  yaml("chains", () =>
    fill(
      `${whole}operations:\n${operation("one", "")}credential_chains:\n`,
      (index) =>
        `  - { chain_id: c${index}, description: d, initial_credentials_required: [a], steps: [{ step_name: s, endpoint: /s, body: { a: "{a}" }, extract: { t: "$.t" } }], final_credential_name: t }\n`,
    ),
  ),
  yaml("one chain of many steps", () =>
    fill(
      `${whole}operations:\n${operation("one", "")}credential_chains:\n  - chain_id: c\n    description: d\n    initial_credentials_required: [a]\n    final_credential_name: t\n    steps:\n`,
      (index) =>
        `      - { step_name: s${index}, endpoint: /s, body: { a: "{a} {t${index - 1}}" }, extract: { t${index}: "$.t" } }\n`,
    ),
  ),
  yaml("one chain that many profiles use", () =>
    fill(
      `${base}credential_chains:\n  - chain_id: c\n    description: d\n    initial_credentials_required: [a]\n    final_credential_name: t\n    steps:\n${Array.from({ length: 200 }, (_, index) => `      - { step_name: s${index}, endpoint: /s, body: { a: "{a}" }, extract: { t${index}: "$.t" } }\n`).join("")}operations:\n${operation("one", "")}authentication:\n`,
      (index) => `  - { profile_id: p${index}, type: bearer, credential_chain_id: c }\n`,
    ),
  ),
  yaml("settings", () =>
    fill(
      `${whole}operations:\n${operation("one", "")}connection_config:\n`,
      (index) => `  - { key: k${index} }\n`,
    ),
  ),
  yaml("settings that are all the same", () =>
    fill(`${whole}operations:\n${operation("one", "")}connection_config:\n`, () => "  - { key: k }\n"),
  ),
  yaml("limits", () =>
    fill(
      `${whole}operations:\n${operation("one", "")}rate_limits:\n`,
      (index) => `  - { scope: per_user, limit: 1, interval_seconds: ${index + 1} }\n`,
    ),
  ),
  yaml("limits that are all the same", () =>
    fill(
      `${whole}operations:\n${operation("one", "")}rate_limits:\n`,
      () => "  - { scope: per_user, limit: 1, interval_seconds: 1 }\n",
    ),
  ),
  operations(
    "implied settings",
    (index) => `    headers: { X-A: "{s${index}}" }\n    errors: []\n`.replace("headers", "x-h"),
    `${metadata}base_url: "https://{region}.example.com"\n${authentication}`,
  ),
  yaml("hosts of unknown settings", () =>
    fill(
      `${whole}operations:\n`,
      (index) =>
        `  - { operation_id: o${index}, endpoint: "https://{h${index}}.example.com/{a${index}}", method: GET, summary: a, auth_type_ref: api_key }\n`,
    ),
  ),
  yaml("one URL of many holes", () =>
    fill(
      `${whole}operations:\n  - operation_id: one\n    method: GET\n    summary: a\n    auth_type_ref: api_key\n    endpoint: "/`,
      (index) => `{p${index}}/`,
      '"\n',
    ),
  ),
  yaml("keys that are indented too little", () =>
    fill(`${whole}operations:\n`, () => "  - response:\n    records_path: a\n    headers:\n    X-A: b\n"),
  ),
  yaml("literal secrets", () =>
    fill(`${whole}operations:\n`, (index) =>
      operation(index, `    headers: { Authorization: "Bearer sk_live_${index}abcdefghijklmnopqrstuvwx" }\n`),
    ),
  ),
  yaml("deep schemas", () => {
    const nested = `${"{ properties: { a: ".repeat(70)}{}${" } }".repeat(70)}`;
    return fill(`${whole}operations:\n`, (index) => operation(index, `    response_schema: ${nested}\n`));
  }),
  yaml("a body of many texts", () =>
    fill(
      `${whole}operations:\n${operation("one", "    body:\n").replace("GET", "POST")}`,
      (index) => `      - "{token} ${index}"\n`,
    ),
  ),
  json("faulty operations as JSON", () =>
    fill(
      '{"metadata":{"name":"a"},"operations":[',
      (index) => `{"operation_id":"o${index}","metod":1,"hedders":[]},`,
      "{}]}",
    ),
  ),
];
