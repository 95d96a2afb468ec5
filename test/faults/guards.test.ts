/** That each guard is where its entry says; whether its test misses it: guards.slow.test.ts. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { guards } from "./guards.ts";

const root = join(import.meta.dirname, "..", "..");

test("each guard stands once in its file, has a change that switches it off, and a test", () => {
  const moved = guards.flatMap(({ name, file, from, to, test: path }) => {
    const times = readFileSync(join(root, file), "utf8").split(from).length - 1;
    return times === 1 && from !== to && existsSync(join(root, path))
      ? []
      : [`${name}: ${times} times in ${file}`];
  });
  expect(moved).toEqual([]);
  expect(new Set(guards.map(({ name }) => name)).size).toBe(guards.length);
});
