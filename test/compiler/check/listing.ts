import { compileText } from "../../../compiler/compile.ts";

/** A finding as a test reads it: rule, severity, and the text that it marks. */
export interface Told {
  readonly rule: string;
  readonly severity: string;
  readonly at: string;
}

const head = `metadata:
  name: Desk
  slug: desk
  version: 1.0.0
  description: Tickets and people of a help desk.
  publisher: Example
base_url: https://api.desk.example.com
`;

const key = `authentication:
  - type: api_key
    fields:
      - { key: api_key, label: Key, field_type: secret }
    auth_headers: { X-Api-Key: "{api_key}" }
`;

/** A descriptor with one operation, whose lines are given without indentation, and what else stands at its root. */
export function listing(operation: string, rest = ""): string {
  const lines = operation.trim().split("\n");
  return `${head}${key}operations:
  - operation_id: list_tickets
    summary: List tickets
    auth_type_ref: api_key
${lines.map((line) => `    ${line}`).join("\n")}
${rest}`;
}

/** A descriptor whose profile signs in by a chain of the given steps. */
export function chained(
  steps: string,
  {
    final = "token",
    profile = "",
    operation = "",
    rest = "",
  }: { final?: string; profile?: string; operation?: string; rest?: string } = {},
): string {
  const indent = (text: string, by: string): string =>
    text === "" ? "" : `${text.trim().replace(/^/gm, by)}\n`;
  return `${head}authentication:
  - type: bearer
    credential_chain_id: login
${indent(profile, "    ")}credential_chains:
  - chain_id: login
    description: A session, then a token.
    initial_credentials_required: [username, password]
    steps:
${indent(steps, "      ")}    final_credential_name: ${final}
operations:
  - operation_id: list_tickets
    endpoint: /tickets
    summary: List tickets
    auth_type_ref: bearer
${indent(operation, "    ")}${rest}`;
}

/** Every finding of a descriptor, with the text that it marks. */
export async function findings(text: string): Promise<Told[]> {
  const lines = text.split("\n");
  const { diagnostics } = await compileText(text);
  return diagnostics.map(({ rule, severity, range }) => {
    const line = lines[range.start.line - 1] ?? "";
    const end = range.end.line === range.start.line ? range.end.column - 1 : line.length;
    return { rule, severity, at: line.slice(range.start.column - 1, end) };
  });
}

/** The sentences of a descriptor's findings. */
export async function messages(text: string): Promise<string[]> {
  return (await compileText(text)).diagnostics.map(({ message }) => message);
}
