/** One thing is taken away that many places need: one finding, at the first of them, which shows the others. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileText } from "../../compiler/compile.ts";

const base = readFileSync(new URL("../support/base.yaml", import.meta.url), "utf8");

async function told(find: string, put: string): Promise<readonly string[]> {
  expect(base.split(find).length).toBe(2);
  const { diagnostics } = await compileText(base.replace(find, () => put));
  return diagnostics.map(
    ({ severity, rule, range, related = [] }) =>
      `${severity} ${rule} ${[range, ...related.map((one) => one.range)].map(({ start }) => start.line).join(" ")}`,
  );
}

describe("a cause with many effects is one finding", () => {
  it("a profile that is gone", async () => {
    const profile = base.slice(base.indexOf("  - type: api_key\n"), base.indexOf("  - profile_id: login\n"));
    expect(await told(profile, "")).toEqual(["error reference/unknown-profile 56 22 90"]);
  });

  it("a shared schema under another name", async () => {
    expect(await told("  Ticket:\n", "  Issue:\n")).toEqual(["error reference/unknown-schema 88 107"]);
  });

  it("all fields of a profile", async () => {
    const fields = base.slice(base.indexOf("    fields:\n"), base.indexOf("    auth_headers:\n"));
    expect(await told(fields, "")).toEqual(["error template/unknown-name 26 26"]);
  });

  it("a section under a key that nobody knows", async () => {
    for (const section of ["connection_config", "credential_chains", "rate_limits", "operations"])
      expect(
        (await told(`\n${section}:\n`, "\nfoo:\n")).filter((one) => !one.includes("missing-key")),
      ).toEqual([expect.stringMatching(/^error structure\/unknown-key/)]);
  });

  it("an id under a key that nobody knows", async () => {
    expect(await told("- profile_id: login\n", "- foo: login\n")).toEqual(["error structure/unknown-key 35"]);
    expect(await told("- chain_id: login_chain\n", "- foo: login_chain\n")).toEqual([
      "error structure/unknown-key 44",
    ]);
    expect(await told("    fields:\n", "    foo:\n")).toEqual(["error structure/unknown-key 25"]);
  });

  it("a line that stands twice", async () => {
    for (const line of [
      "metadata:\n",
      "authentication:\n",
      "    pagination:\n",
      "        extract:\n          session_id",
    ]) {
      const [head = ""] = line.split("\n");
      expect(await told(line, `${head}\n${line}`)).toEqual([
        expect.stringMatching(/^error yaml\/duplicate-key/),
      ]);
    }
    expect(await told("      - key: email\n", "      - key: email\n      - key: email\n")).toEqual([
      "error structure/missing-key 26",
    ]);
    expect(await told("  - key: region\n", "  - key: region\n  - key: region\n")).toEqual([
      "error setting/duplicate-key 13 12",
    ]);
  });

  it("a base URL that is empty", async () => {
    expect(await told('"https://{region}.desk.example.com/api"\n', '""\n')).toEqual([
      "error structure/length 10",
    ]);
  });

  it("slips of one name stay several, each with its mend", async () => {
    const { diagnostics } = await compileText(
      base
        .replaceAll("auth_type_ref: api_key", "auth_type_ref: api_kye")
        .replace("[api_key, login]", "[api_kye, login]"),
    );
    expect(diagnostics.map(({ rule, suggestion }) => [rule, suggestion?.text])).toEqual([
      ["reference/unknown-profile", "api_key"],
      ["reference/unknown-profile", "api_key"],
    ]);
  });
});
