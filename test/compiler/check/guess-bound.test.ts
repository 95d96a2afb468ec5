import { expect, it } from "vitest";
import { compileText } from "../../../compiler/compile.ts";

const head = `metadata: { name: Shop, slug: shop, description: Orders of a shop., publisher: Example }
base_url: https://shop.example.com
authentication:
`;
// With the type of them all, which is a name too, there are a thousand.
const profiles = Array.from(
  { length: 999 },
  (_, index) => `  - { type: none, profile_id: profile_${String(index).padStart(4, "0")} }\n`,
).join("");

function operations(names: readonly string[]): string {
  return names
    .map(
      (name, index) =>
        `  - { operation_id: o${index}, endpoint: /o, summary: Read, auth_type_ref: ${name} }\n`,
    )
    .join("");
}

async function guesses(names: readonly string[]): Promise<readonly (string | undefined)[]> {
  const { diagnostics } = await compileText(`${head}${profiles}operations:\n${operations(names)}`);
  return diagnostics
    .filter(({ rule }) => rule === "reference/unknown-profile")
    .map(({ suggestion }) => suggestion?.text);
}

const unlike = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${index}zzz`);

it("guesses on while few of many unknown names are like none of a thousand", async () => {
  expect((await guesses([...unlike(99), "profile_0007x"])).at(-1)).toBe("profile_0007");
});

it("guesses no more once a hundred unknown names are like none of a thousand", async () => {
  const found = await guesses([...unlike(100), "profile_0007x"]);
  expect(found).toHaveLength(101);
  expect(found.at(-1)).toBeUndefined();
});
