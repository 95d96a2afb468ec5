/** What is the product of two lists of a descriptor is counted: `compiler/lower/budget.ts`. */
import { describe, expect, it } from "vitest";
import { compileText } from "../../../compiler/compile.ts";

const times = (count: number, piece: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => piece(index)).join("");

const metadata = "metadata: { name: Api, slug: api, description: An API of examples., publisher: Example }\n";
const base = `${metadata}base_url: https://api.example.com\n`;
const profile = (id: string, more = ""): string =>
  `  - { profile_id: ${id}, type: api_key, fields: [{ key: token, label: T, secret: true }], auth_headers: { X-Key: "{token}" }${more} }\n`;
const operation = (index: number, more = ""): string =>
  `  - { operation_id: op_${index}, summary: One, endpoint: /x/${index}, auth_type_ref: api_key${more} }\n`;
const operations = (count: number): string => `operations:\n${times(count, (index) => operation(index))}`;
const authentication = `authentication:\n${profile("key")}`;

interface Budget {
  readonly what: string;
  /** A descriptor with so many things of the list that makes it grow. */
  readonly text: (count: number) => string;
  /** As many as fit. */
  readonly most: number;
  readonly message: string;
  readonly path: string;
}

const budgets: readonly Budget[] = [
  {
    what: "100 profiles in each of 200 operations",
    text: (count) =>
      `${base}authentication:\n${times(100, (index) => profile(`p${index}`))}${operations(count)}`,
    most: 200,
    message: "With this operation there are more than 20000 pairs of an operation and a profile.",
    path: "/operations/200/auth_type_ref",
  },
  {
    what: "250 rate limits in each of 200 operations",
    text: (count) =>
      `${base}rate_limits:\n${times(250, (index) => `  - { scope: per_user, limit: 1, interval_seconds: ${index + 1} }\n`)}${authentication}${operations(count)}`,
    most: 200,
    message: "With this operation there are more than 50000 pairs of an operation and a rate limit.",
    path: "/operations/200",
  },
  {
    what: "500 headers of the defaults in each of 99 operations",
    // The profile's own header counts too.
    text: (count) =>
      `${base}defaults:\n  headers:\n${times(500, (index) => `    X-H${index}: a\n`)}${authentication}${operations(count)}`,
    most: 99,
    message:
      "With this operation more than 50000 headers, query entries and error rules are taken over from `defaults` and profiles.",
    path: "/operations/99",
  },
  {
    what: "500 allowed hosts of 100 profiles",
    text: (count) =>
      `${base}allowed_hosts:\n${times(500, (index) => `  - h${index}.example.com\n`)}authentication:\n${times(count, (index) => profile(`p${index}`))}operations:\n${operation(0).replace("api_key", "p0")}`,
    most: 100,
    message: "With this profile there are more than 50000 pairs of a profile and an allowed host.",
    path: "/authentication/100",
  },
  {
    what: "50 profiles of one chain of 100 steps",
    text: (count) =>
      `${base}credential_chains:\n  - chain_id: login\n    description: d\n    initial_credentials_required: [a]\n    final_credential_name: t\n    steps:\n${times(100, (index) => `      - { step_name: s${index}, endpoint: /s, body: { a: "{a}" }, extract: { t${index === 99 ? "" : index}: "$.t" } }\n`)}authentication:\n${times(count, (index) => `  - { profile_id: p${index}, type: bearer, credential_chain_id: login }\n`)}operations:\n${operation(0).replace("api_key", "p0")}`,
    most: 50,
    message: "With this profile there are more than 5000 pairs of a profile and a step of its chain.",
    path: "/authentication/50",
  },
];

/** The findings about size, and those that keep the descriptor from being compiled. */
async function judge(text: string): Promise<{ readonly sizes: unknown[]; readonly errors: string[] }> {
  const { diagnostics } = await compileText(text, { findingsOnly: true });
  return {
    sizes: diagnostics
      .filter(({ rule }) => rule === "file/too-large")
      .map(({ message, path, severity }) => ({ message, path, severity })),
    errors: diagnostics.filter(({ severity }) => severity === "error").map(({ rule }) => rule),
  };
}

describe("a product of two lists", () => {
  it.each(budgets)("is taken whole up to its bound: $what", async ({ text, most }) => {
    expect(await judge(text(most))).toEqual({ sizes: [], errors: [] });
  });

  it.each(budgets)("is told of once, where it passes its bound: more than $what", async (budget) => {
    const { text, most, message, path } = budget;
    expect(await judge(text(most + 3))).toEqual({
      sizes: [{ message, path, severity: "error" }],
      errors: ["file/too-large"],
    });
  });
});
