import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startServer } from "../../runtime/testing/index.ts";
import { folderWith, type Ran, run, weather } from "./support.ts";

interface Scene {
  readonly cwd: string;
  readonly sent: () => number;
  call(flags: readonly string[], ask?: (question: string) => Promise<string | undefined>): Promise<Ran>;
  receipts(): Promise<readonly Record<string, unknown>[]>;
}

async function scene(policy: string): Promise<Scene> {
  const server = await startServer({ "* /eu/readings": { json: { readings: [] } } });
  onTestFinished(() => server.close());
  const cwd = await folderWith({ "a.yaml": weather, "policy.yaml": policy });
  const env = {
    CONNECTOR_WEATHER_DESK_API_TOKEN: "canary-31c9e07f",
    CONNECTOR_WEATHER_DESK_BASE_URL: server.origin,
  };
  const call: Scene["call"] = (flags, ask) =>
    run(["call", "a.yaml", ...flags, "--allow-network", server.host], { cwd, env, ...(ask ? { ask } : {}) });
  const receipts = async () =>
    (await readFile(join(cwd, "r.jsonl"), "utf8"))
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  return { cwd, sent: () => server.requests.length, call, receipts };
}

const gated = ["--policy", "policy.yaml", "--receipts", "r.jsonl"];
const write = ["add_reading", "--param", "station=s", "--param", "value=1", ...gated];

describe("connector call --policy", () => {
  it("refuses what the policy does not allow, and lets reading through", async () => {
    const { call, sent, receipts, cwd } = await scene("policy_version: 1\n");
    const refused = await call(write);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("The policy of this server does not allow this call");
    expect(sent()).toBe(0);
    expect(await receipts()).toMatchObject([{ decision: "denied", operation: "add_reading" }]);
    expect((await stat(join(cwd, "r.jsonl"))).mode & 0o777).toBe(0o600);
    expect((await call(["list_readings", "--param", "station=s", ...gated])).code).toBe(0);
    expect(await receipts()).toHaveLength(1);
  });

  it("judges the tenant of the connection file", async () => {
    const rules = "rules: [{ action: deny, tenant: trial-* }]";
    const { call, receipts, cwd } = await scene(`policy_version: 1\ndefault: allow\n${rules}\n`);
    const text = "connector: weather-desk\nidentity: { tenant: trial-7 }\n";
    await writeFile(join(cwd, "trial.yaml"), text, { mode: 0o600 });
    const refused = await call([...write, "--connection", "trial.yaml"]);
    expect([refused.code, await receipts()]).toMatchObject([1, [{ decision: "denied", tenant: "trial-7" }]]);
    expect((await call(write)).code).toBe(0);
    expect((await receipts()).at(-1)).toMatchObject({ decision: "allowed", tenant: "default" });
  });

  it.each([
    ["yes", 0, ["confirmed", "confirmed"]],
    ["", 1, ["declined"]],
    [undefined, 1, ["declined"]],
  ])("asks at the terminal where the policy says so: %s", async (answer, code, decisions) => {
    const { call, receipts } = await scene("policy_version: 1\ndefault: confirm\n");
    const asked: string[] = [];
    const ran = await call(write, async (question) => {
      asked.push(question);
      return answer;
    });
    expect([ran.code, (await receipts()).map(({ decision }) => decision)]).toEqual([code, decisions]);
    expect(asked).toEqual([expect.stringContaining("(add_reading)? [y/N]")]);
  });

  it("adds to its receipts, which hold no credential", async () => {
    const { call, receipts } = await scene("policy_version: 1\ndefault: allow\n");
    expect([(await call(write)).code, (await call(write)).code]).toEqual([0, 0]);
    const lines = await receipts();
    expect(lines.map(({ event }) => event)).toEqual(["decision", "outcome", "decision", "outcome"]);
    expect(JSON.stringify(lines)).not.toContain("canary");
  });

  it.each<[string, string, readonly string[], string]>([
    ["a policy without receipts", "", ["--policy", "policy.yaml"], "belong together"],
    [
      "a policy that is none",
      "policy_version: 1\nrules: [{ action: sometimes }]\n",
      gated,
      "policy.yaml: rules/0/action must be one of",
    ],
    ["a policy that is no YAML", "a: [", gated, "policy.yaml: line "],
    [
      "receipts that cannot be written",
      "policy_version: 1\n",
      ["--policy", "policy.yaml", "--receipts", "no/r"],
      "cannot write receipts to no/r",
    ],
    ["reading what changes something", "policy_version: 1\n", [...gated, "--all"], "call it without --all"],
    ["a key for pages", "policy_version: 1\n", ["--all", "--idempotency-key", "k"], "is for one call"],
  ])("refuses %s", async (_, policy, flags, said) => {
    const { call, sent } = await scene(policy);
    const ran = await call([...write.slice(0, 5), ...flags]);
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining(said)]);
    expect(sent()).toBe(0);
  });
});
