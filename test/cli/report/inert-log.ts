import { expect } from "vitest";
import { unseen } from "./hostile.ts";

/** Nothing that a terminal or the log of a CI system obeys. */
export function inertLog(output: string): void {
  expect(unseen.exec(output)?.[0].codePointAt(0)?.toString(16)).toBeUndefined();
  expect(output.isWellFormed()).toBe(true);
  expect(output).not.toMatch(/##\[|##vso\[|##teamcity\[/);
  // The runner takes what stands before the first space for the command's name.
  expect(output).not.toMatch(/^\s*::[\w-]/m);
}
