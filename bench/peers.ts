/** Other validators, each on a document of its own kind with 300 lines and five response schemas. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Contestant } from "./process.ts";

const packages = ["ajv-cli@5", "ajv-formats@2", "@redocly/cli@2", "@stoplight/spectral-cli@6"];

/** Installs the peers into a folder, without their install scripts. */
export function installPeers(folder: string): void {
  writeFileSync(join(folder, "package.json"), "{}");
  const flags = ["--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
  execFileSync("npm", ["install", ...flags, ...packages], { stdio: "inherit" });
}

/** The peers that are installed in a folder; `work` takes the documents, `descriptor` is what ajv is given. */
export function peersIn(
  folder: string,
  work: string,
  descriptor: string,
): Readonly<Record<string, Contestant>> {
  const openapi = join(work, "openapi.yaml");
  const rules = join(work, "spectral.yaml");
  writeFileSync(openapi, openApiDocument());
  writeFileSync(rules, 'extends: ["spectral:oas"]\n');
  const schema = join(import.meta.dirname, "..", "schema", "descriptor.schema.json");
  return {
    "ajv-cli": {
      args: [
        programOf(folder, "ajv-cli", "ajv"),
        ...["validate", "--spec=draft2020", "--strict=false", "-c", "ajv-formats"],
        ...["-s", schema, "-d", descriptor],
      ],
    },
    redocly: {
      args: [programOf(folder, "@redocly/cli", "redocly"), "lint", "--extends=recommended", openapi],
      // Neither may ask the network during the measurement.
      env: { REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
    },
    spectral: {
      args: [programOf(folder, "@stoplight/spectral-cli", "spectral"), "lint", "-r", rules, openapi],
    },
  };
}

function programOf(folder: string, name: string, command: string): string {
  const home = join(folder, "node_modules", name);
  if (!existsSync(home)) throw new Error(`${name} is not installed in ${folder}`);
  const { bin }: { readonly bin: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync(join(home, "package.json"), "utf8"),
  );
  return join(home, bin[command] ?? "");
}

/** An OpenAPI document that all of them find right. */
export function openApiDocument(): string {
  const names = ["issues", "projects", "users", "boards", "sprints"];
  return `openapi: 3.0.3
info:
  title: Bench Tracker
  version: 1.0.0
  description: A tracker of issues that exists to be validated.
  contact:
    name: Bench Press
    url: https://example.net
  license:
    name: MIT
    url: https://example.net/license
servers:
  - url: https://api.tracker.test
tags:
${names.map((name) => `  - name: ${name}\n    description: All about ${name}.\n`).join("")}security:
  - basic: []
paths:
${names.map(pathText).join("")}components:
  securitySchemes:
    basic:
      type: http
      scheme: basic
`;
}

function pathText(name: string): string {
  const fields = Array.from(
    { length: 9 },
    (_, index) => `                        field_${index}:
                          type: ${["string", "integer", "boolean"][index % 3]}
                          description: Field ${index} of one of the ${name}.
`,
  );
  return `  /api/3/${name}:
    get:
      operationId: list_${name}
      summary: List ${name}
      description: List ${name} page by page.
      tags: [${name}]
      parameters:
        - name: filter
          in: query
          description: Which ${name} to list
          schema:
            type: string
        - name: limit
          in: query
          schema:
            type: integer
            default: 50
      responses:
        "400":
          description: What was asked for is wrong.
        "200":
          description: A page of ${name}.
          content:
            application/json:
              schema:
                type: object
                required: [${name}, total]
                properties:
                  total:
                    type: integer
                  ${name}:
                    type: array
                    items:
                      type: object
                      properties:
${fields.join("")}`;
}
