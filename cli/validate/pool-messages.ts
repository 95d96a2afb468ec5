/** What threads say to each other: plain data, by structured clone. */
import type { Policy } from "../../compiler/policy.ts";
import type { Source } from "../find/sources.ts";
import type { Checked } from "./check-file.ts";

/** One source to check; a worker answers its tasks in the order in which they came. */
export interface Task {
  readonly source: Source;
  readonly policy: Policy;
  readonly cwd: string;
}

/** `started` once, before any answer; `fault` is a defect of this program. */
export type Answer =
  | { readonly kind: "started" }
  | { readonly kind: "checked"; readonly checked: Checked }
  | { readonly kind: "fault"; readonly message: string };
