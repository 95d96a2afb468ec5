import type { HostileCase } from "./case.ts";
import { descriptorCases } from "./descriptors.ts";
import { productCases } from "./products.ts";
import { relationCases } from "./relations.ts";
import { syntaxCases } from "./syntax.ts";

/** Every class of hostile input that `connector validate` must answer in time and memory. */
export const hostileCases: readonly HostileCase[] = [
  ...syntaxCases,
  ...descriptorCases,
  ...relationCases,
  ...productCases,
];
