/** The page about the gate against the code: its policy, its receipts, its example. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readData } from "../../compiler/read/data.ts";
import { readPolicy } from "../../runtime/gate/index.ts";
import { typeErrors } from "../compiler/emit/support/type-check.ts";
import { gateOf, request } from "../runtime/gate/support.ts";

const home = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(`${home}docs/gate.md`, "utf8");

function block(language: string): string {
  const text = page.split(`\`\`\`${language}\n`)[1]?.split("```")[0];
  if (text === undefined) throw new Error(`docs/gate.md has no ${language}`);
  return text;
}

describe("docs/gate.md", () => {
  it("has a policy that is read, with every key of a rule", () => {
    const read = readData(block("yaml policy"));
    const policy = readPolicy("data" in read ? read.data : read.problem);
    expect(policy.rules.map(({ action }) => action)).toEqual(["deny", "confirm", "allow"]);
    let said = "";
    try {
      readPolicy({ policy_version: 1, rules: [{ nothing: 1 }] });
    } catch (error) {
      said = String(error);
    }
    const known = said.split("it knows ")[1]?.replace(/\.$/, "").split(", ") ?? [];
    expect(known).toHaveLength(8);
    expect(known.filter((key) => !page.includes(`\`${key}\``))).toEqual([]);
  });

  it("shows receipts as they are", async () => {
    const { gate, receipts } = gateOf([{ action: "allow", entity_key: "{id}", dedup_seconds: 1 }]);
    await gate.run(request({ caller: { tenant: "acme", clientId: "agent" } }), async () => {});
    const shown = block("json receipt")
      .trim()
      .split("\n")
      .map((text) => Object.keys(JSON.parse(text)));
    expect(receipts.map((receipt) => Object.keys(receipt))).toEqual(shown);
  });

  it("has an example that type-checks", () => {
    const code = block("ts service")
      .replace('"connectorc/gate"', JSON.stringify(`${home}runtime/gate/index.ts`))
      .replace('"connectorc/runtime"', JSON.stringify(`${home}runtime/index.ts`))
      .replace('"connectorc/compiler"', JSON.stringify(`${home}compiler/index.ts`));
    expect(typeErrors([{ path: "examples/gate.ts", text: code }])).toEqual([]);
  });
});
