/** The built program as a process: pipes, exit codes, streams. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { benchDescriptor } from "../../bench/descriptor.ts";
import { json, startServer } from "../../runtime/testing/index.ts";
import { folderWith, weather } from "../cli/support.ts";

const program = join(import.meta.dirname, "..", "..", "dist", "cli", "connector.cjs");

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Setting {
  readonly input?: string;
  readonly hangUp?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the program with the given input; `hangUp` closes the reading end of its output at once. */
function start(
  args: readonly string[],
  cwd: string,
  { input = "", hangUp = false, env = {} }: Setting = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], { cwd, env: { PATH: process.env.PATH, ...env } });
  let stdout = "";
  let stderr = "";
  if (hangUp) child.stdout.destroy();
  else child.stdout.on("data", (chunk) => (stdout += String(chunk)));
  child.stderr.on("data", (chunk) => (stderr += String(chunk)));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
}

describe("the program", () => {
  it("reads a pipe and exits with the command's code", async () => {
    const cwd = await folderWith({});
    expect(await start(["validate", "-"], cwd, { input: weather })).toMatchObject({ code: 0, stderr: "" });
    expect(await start(["validate", "-"], cwd, { input: "a: 1" })).toMatchObject({ code: 1, stderr: "" });
    expect(await start(["validate", "nowhere.yaml"], cwd)).toMatchObject({ code: 2, stdout: "" });
  });

  it("says in one sentence what a command of another bundle cannot do", async () => {
    const cwd = await folderWith({ "weather.yaml": weather, "broken.yaml": "metadata: 1" });
    for (const [args, code, sentence] of [
      [["call", "weather.yaml", "nothing"], 2, /^connector: weather-desk has no operation nothing; .+\n$/],
      [
        ["call", "weather.yaml", "list_readings", "--param", "station=A"],
        2,
        /^connector: .+base_url.+\(configuration\)\n$/,
      ],
      [
        ["check", "weather.yaml", "--connection", "none.yaml"],
        2,
        /^connector: cannot open the connection file none\.yaml: .+\n$/,
      ],
      [["show", "broken.yaml"], 1, /\nconnector: broken\.yaml has errors; .+\n$/],
      [["build", "weather.yaml", "--out", "weather.yaml"], 2, /^connector: cannot write .+\n$/],
      [["explain", "no/such-rule"], 2, /^connector: there is no rule no\/such-rule.+\n$/],
    ] as const)
      expect(await start(args, cwd)).toMatchObject({
        code,
        stdout: "",
        stderr: expect.stringMatching(sentence),
      });
  });

  it("calls a server, and says in a sentence when there is none", async () => {
    const server = await startServer({ "GET /eu/readings": json({ readings: [{ id: 1 }], next: null }) });
    const cwd = await folderWith({ "weather.yaml": weather });
    const args = [
      "call",
      "weather.yaml",
      "list_readings",
      "--param",
      "station=A",
      "--all",
      "--allow-network",
      "127.0.0.1",
    ];
    const env = { CONNECTOR_WEATHER_DESK_API_TOKEN: "t", CONNECTOR_WEATHER_DESK_BASE_URL: server.origin };
    expect(await start(args, cwd, { env })).toEqual({ code: 0, stdout: '[\n  {"id":1}\n]\n', stderr: "" });
    await server.close();
    const alone = await start(args, cwd, { env });
    expect(alone).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/^connector: .+\n$/),
    });
  });

  it("writes a long report whole into a pipe", async () => {
    const broken = benchDescriptor()
      .replaceAll("auth_type_ref: api_key", "auth_type_ref: none_such")
      .repeat(40)
      .replaceAll("metadata:", "---\nmetadata:");
    const ended = await start(["validate", "-", "--format", "json"], await folderWith({}), { input: broken });
    expect(ended.code).toBe(1);
    expect(ended.stdout.length).toBeGreaterThan(64 * 1024);
    expect(JSON.parse(ended.stdout)).toMatchObject({ files: 1 });
  });

  it("ends in silence when its reader goes away", async () => {
    const cwd = await folderWith({ "weather.yaml": weather });
    expect(await start(["schema"], cwd, { hangUp: true })).toMatchObject({ code: 0, stderr: "" });
  });

  it("colours nothing in a pipe", async () => {
    const ended = await start(["validate", "-"], await folderWith({}), { input: "a: 1" });
    expect(ended.stdout).not.toContain("\u001b");
  });
});
