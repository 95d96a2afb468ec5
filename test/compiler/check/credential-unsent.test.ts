import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { compile } from "../../../compiler/index.ts";

function shipped(name: string): string {
  return readFileSync(new URL(`../../../descriptors/${name}/connector.yaml`, import.meta.url), "utf8");
}

async function told(text: string): Promise<readonly string[]> {
  const { diagnostics } = await compile(text);
  return diagnostics.map(({ rule, range }) => `${rule} ${text.split("\n")[range.start.line - 1]?.trim()}`);
}

it("finds a placement that holds nothing but a constant", async () => {
  const text = shipped("jira-cloud").replace('"Basic {base64({email}:{api_token})}"', "true");
  expect(await told(text)).toEqual(["authentication/no-placement Authorization: true"]);
});

it("finds a credential that only another chain uses", async () => {
  const text = shipped("securonix").replace('          username: "{username}"\n', "");
  expect(await told(text)).toEqual(["chain/unused-credential - username"]);
});
