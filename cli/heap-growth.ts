import { setFlagsFromString } from "node:v8";

/**
 * By itself V8 lets a heap grow to four times what is in use before it collects: two mebibytes of descriptor would hold
 * up to 400. V8 refuses compiled code that was made under other flags, so the build says the same before it makes any.
 */
export function limitHeapGrowth(): void {
  // A flag that a later V8 does not know would print to standard error.
  if (Number.parseInt(process.versions.v8, 10) <= 13) setFlagsFromString("--heap-growing-percent=100");
}
