import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { main } from "../../cli/main.ts";
import type { ExitCode, World } from "../../cli/world.ts";
import { reportFaults } from "./report/report-schema.ts";

/** What a command line did. */
export interface Ran {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** A temporary folder with the given files, gone after the test. Answers its path. */
export async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "connector-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
    await chmod(join(folder, path), 0o600);
  }
  return folder;
}

/**
 * Runs a command line in place, with captured streams and an environment of its own. Every JSON report that comes out
 * is held against its published schema.
 */
export async function run(
  argv: readonly string[],
  setting: {
    readonly cwd: string;
    readonly env?: World["env"];
    readonly stdin?: string | Uint8Array;
    readonly interrupted?: AbortSignal;
    /** Answers questions, as a person at the terminal. */
    readonly ask?: (question: string) => Promise<string | undefined>;
    /** Hears standard error as it comes. */
    readonly heard?: (text: string) => void;
  },
): Promise<Ran> {
  const stdout = capture();
  const stderr = capture(setting.heard);
  const code = await main(argv, {
    cwd: setting.cwd,
    env: setting.env ?? {},
    stdout,
    stderr,
    readStdin: async (limit) => Buffer.from(setting.stdin ?? "").subarray(0, limit),
    ...(setting.ask ? { ask: setting.ask } : {}),
    interrupted: setting.interrupted ?? new AbortController().signal,
  });
  if (printsJsonReport(argv)) expect(reportFaults(stdout.text())).toEqual([]);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function printsJsonReport([verb, ...words]: readonly string[]): boolean {
  const options = words.join(" ").split(" -- ")[0] ?? "";
  return verb === "validate" && / --format[ =]json(?: |$)/.test(` ${options}`) && !words.includes("--watch");
}

/** Standard output parsed as one JSON value: anything before or after it fails. */
export function json(ran: Ran): unknown {
  return JSON.parse(ran.stdout);
}

function capture(heard?: (text: string) => void): World["stdout"] & { text(): string } {
  const chunks: Buffer[] = [];
  return {
    isTerminal: false,
    write: async (data) => {
      chunks.push(Buffer.from(data));
      heard?.(Buffer.from(data).toString());
    },
    text: () => Buffer.concat(chunks).toString(),
  };
}

/** A descriptor that is right, with one operation of every parameter type that a command line meets. */
export const weather = `metadata:
  name: Weather Desk
  slug: weather-desk
  version: 1.0.0
  description: A weather service that exists for these tests.
  publisher: Test Press
connection_config:
  - key: region
    label: Region
    default_value: eu
    enum: [eu, us]
  - key: base_url
    label: Address of the service
    format: uri
authentication:
  - type: api_key
    fields:
      - key: api_token
        label: API token
        field_type: secret
        secret: true
    auth_headers:
      X-Token: "{api_token}"
    test_endpoint:
      url: "{base_url}/me"
operations:
  - operation_id: list_readings
    endpoint: "{base_url}/{region}/readings"
    summary: List the readings of a station
    auth_type_ref: api_key
    parameters:
      - { name: station, location: query, required: true, description: Station code }
      - { name: limit, location: query, field_type: integer }
      - { name: raw, location: query, field_type: boolean }
      - { name: tags, location: query, field_type: array }
    pagination:
      type: cursor
      cursor_path: "$.next"
      cursor_param: cursor
    response:
      records_path: "$.readings"
    response_schema:
      type: object
      required: [readings]
      properties:
        readings: { type: array, items: { type: object } }
        next: { type: [string, "null"] }
  - operation_id: add_reading
    endpoint: "{base_url}/{region}/readings"
    method: POST
    summary: Add a reading
    auth_type_ref: api_key
    parameters:
      - { name: station, location: body, required: true }
      - { name: value, location: body, field_type: number, required: true }
      - { name: note, location: body }
      - { name: extra, location: body, field_type: json }
`;
